/** What a `pipeline.config.ts` gives to the command line. */
import type { Pipeline } from "../dag/pipeline.ts"

/** Something that `doctor` looked at. */
export interface Finding {
  readonly name: string
  /** absent: missing, and not needed. poor: it works, not well. bad: it does not work. */
  readonly state: "good" | "absent" | "poor" | "bad"
  readonly detail: string
  /** The command or the change that would make it good. */
  readonly mend?: string
}

export interface Config {
  readonly pipelines: ReadonlyArray<Pipeline>
  /** Name of the pipeline that is meant where none is named. */
  readonly default: string
  /** `import.meta.url` of the configuration: its folder is the project's, and the store's unless one is named. */
  readonly module: string
  /** What `doctor` looks at beside the machine and the store: the project's own needs, such as its backends. */
  readonly checks?: ReadonlyArray<() => Promise<ReadonlyArray<Finding>>>
}
