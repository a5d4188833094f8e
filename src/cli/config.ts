/** What a `pipeline.config.ts` gives to the command line. */
import type * as Effect from "effect/Effect"
import type { Pipeline } from "../dag/pipeline.ts"
import type { TrainedModel } from "./trained.ts"

/** Something that `doctor` looked at. */
export interface Finding {
  /** In a word or two: the left column. */
  readonly name: string
  /** absent: missing, and not needed. poor: it works, not well. bad: it does not work. */
  readonly state: "good" | "absent" | "poor" | "bad"
  /** What was found. */
  readonly detail: string
  /** The command or the change that would make it good. */
  readonly mend?: string
}

/** Fails with something tagged, whose message names the place, the fault and the mend. */
export interface Fault {
  readonly _tag: string
  readonly message: string
}

/** The end of `predict` or `export`. */
export interface Told {
  /** Printed above the table. */
  readonly lines: ReadonlyArray<string>
  /** The first row is the heading. */
  readonly table: ReadonlyArray<ReadonlyArray<string>>
  /** What `--json` prints. */
  readonly data: unknown
  /** What was left out, a sentence each: printed as errors, and the exit code is 1. */
  readonly faults: ReadonlyArray<string>
}

/** What `predict` was asked. */
export interface PredictRequest {
  /** Images, and folders of them. */
  readonly paths: ReadonlyArray<string>
  /** Folder for pictures of where the network looked. */
  readonly cam: string | undefined
  /** Called now and then with how many images are done. */
  readonly onProgress: (done: number, total: number) => void
}

/** What a project does with the networks that its runs trained. */
export interface ModelTools {
  readonly predict: (
    model: TrainedModel,
    request: PredictRequest
  ) => Effect.Effect<Told & { readonly csv: string }, Fault>
  /** Writes the network to `to`, reads it back and compares. */
  readonly export: (
    model: TrainedModel,
    request: { readonly format: string; readonly to: string }
  ) => Effect.Effect<Told, Fault>
}

/** What there is to do with trained networks; nothing of it is loaded before it is used. */
export interface Models {
  /** Name of the stage that trains. */
  readonly stage: string
  /** What `export` takes as its format. */
  readonly formats: ReadonlyArray<string>
  /** The formats in words, for `export --help`; without it their names. */
  readonly formatsHelp?: string
  /** Loaded when it is needed. */
  readonly load: () => Promise<ModelTools>
}

/** What `main` is given. */
export interface Config {
  /** What `--pipeline` may name (`define`). */
  readonly pipelines: ReadonlyArray<Pipeline>
  /** Name of the pipeline that is meant where none is named. */
  readonly default: string
  /** `import.meta.url` of the configuration: its folder is the project's, and the store's unless one is named. */
  readonly module: string
  /** What `doctor` looks at beside the machine and the store: the project's own needs, such as its backends. */
  readonly checks?: ReadonlyArray<() => Promise<ReadonlyArray<Finding>>>
  /** With it there are the commands `predict` and `export`. */
  readonly models?: Models
}

/**
 * The same, with what the commands need loaded when one is run: then the file itself is small, and starts from a bundle.
 * A module that exports `pipelines` (and `checks`, `models`) is what `load` imports.
 */
export interface LazyConfig extends Pick<Config, "default" | "module"> {
  readonly load: () => Promise<Omit<Config, "default" | "module">>
}
