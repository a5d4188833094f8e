/** The messages between a run and the process that does a stage's work. */
import * as Schema from "effect/Schema"
import { StageFailed } from "../dag/errors.ts"
import { StageProgress } from "../dag/services.ts"
import { DamagedBlob, StoreError } from "../store/error.ts"
import { Output } from "../store/trace.ts"

export const WorkerMessage = Schema.Union([
  Schema.TaggedStruct("Progress", { progress: StageProgress }),
  Schema.TaggedStruct("Resumed", {}),
  Schema.TaggedStruct("Checkpointed", {}),
  Schema.TaggedStruct("UndeclaredRead", { paths: Schema.Array(Schema.String) }),
  Schema.TaggedStruct("Succeeded", { output: Output }),
  Schema.TaggedStruct("Failed", { error: Schema.Union([StageFailed, StoreError, DamagedBlob]) })
])
export type WorkerMessage = typeof WorkerMessage.Type

const codec = Schema.toCodecJson(WorkerMessage)
export const encodeMessage = Schema.encodeSync(codec)
export const decodeMessage = Schema.decodeUnknownSync(codec)
