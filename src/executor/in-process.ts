/** Does each job in this process, with the stage's own code as it was loaded. For tests and small pipelines. */
import * as Layer from "effect/Layer"
import { Executor } from "./executor.ts"
import { perform } from "./perform.ts"

export const layer: Layer.Layer<Executor> = Layer.succeed(Executor, { execute: perform })
