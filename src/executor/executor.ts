/** Where a stage's work happens. Each executor meets one contract: the same job gives the same output, anywhere. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { StageFailed } from "../dag/errors.ts"
import type { StageProgress } from "../dag/services.ts"
import type { AnyStage } from "../dag/stage.ts"
import type { DamagedBlob, StoreError } from "../store/error.ts"
import type { Output } from "../store/trace.ts"
import { FileEntry } from "../store/tree.ts"

/** A folder from outside: where it lies now, and what its files were when the run began. */
export const JobTree = Schema.Struct({ root: Schema.String, files: Schema.Array(FileEntry) })
export type JobTree = typeof JobTree.Type

/** All that a stage's work needs, as plain data: it can cross to another process. */
export const Job = Schema.Struct({
  node: Schema.String,
  /** The bundled module that exports `stage`. */
  bundle: Schema.String,
  store: Schema.String,
  /** Encoded parameters, the unkeyed ones too. */
  params: Schema.Json,
  /** Input name, or `input.key` → digest. */
  inputs: Schema.Record(Schema.String, Schema.String),
  /** The stage's own sources by name. */
  sources: Schema.Record(Schema.String, JobTree),
  /** Sources of the nodes above: their files can be read by digest. */
  above: Schema.Array(JobTree),
  trajectory: Schema.String,
  /** Digest of the stage and its code: what results for single items are kept under. */
  recipe: Schema.String,
  /** Input's digest → stamp of its file: while that holds, the input is read without being verified. */
  trusted: Schema.Record(Schema.String, Schema.String),
  /** Asked for with force: nothing that an earlier attempt left is read, neither checkpoint nor items. */
  fresh: Schema.Boolean
})
export type Job = typeof Job.Type

/** What a stage reports while it works. */
export type JobEvent =
  | { readonly _tag: "Progress"; readonly progress: StageProgress }
  | { readonly _tag: "Resumed" }
  | { readonly _tag: "Checkpointed" }
  /** Files that it read and that no key knows of: absolute paths. */
  | { readonly _tag: "UndeclaredRead"; readonly paths: ReadonlyArray<string> }

export type JobError = StageFailed | StoreError | DamagedBlob

export class Executor extends Context.Service<
  Executor,
  {
    /** Does the job: the output's bytes are in the store when it succeeds. */
    readonly execute: (
      stage: AnyStage,
      job: Job,
      emit: (event: JobEvent) => Effect.Effect<void>
    ) => Effect.Effect<Output, JobError>
  }
>()("dermograph/Executor") {}
