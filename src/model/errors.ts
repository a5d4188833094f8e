/** What can go wrong in this room. Every message names the place, the fault and the mend. */
import * as Data from "effect/Data"

/** A setting of the model or of the training that cannot be. */
export class ModelSettingError extends Data.TaggedError("ModelSettingError")<{
  readonly setting: string
  readonly message: string
}> {}

/** A weight file that is damaged or does not fit the network; `tensor` where one is to blame. */
export class WeightFileError extends Data.TaggedError("WeightFileError")<{
  readonly tensor: string | undefined
  readonly message: string
}> {}

/** No backend, of those asked for, starts on this machine. */
export class BackendError extends Data.TaggedError("BackendError")<{
  readonly backend: string
  readonly message: string
}> {}

/** Training that cannot go on: a loss that is no number, a checkpoint of another run. */
export class TrainingError extends Data.TaggedError("TrainingError")<{ readonly message: string }> {}
