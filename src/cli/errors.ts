/** Errors of the command line, and the exit code of every error. */
import * as Schema from "effect/Schema"

export class UnknownPipeline extends Schema.TaggedError<UnknownPipeline>()("UnknownPipeline", {
  given: Schema.String,
  known: Schema.Array(Schema.String),
  suggestion: Schema.NullOr(Schema.String)
}) {
  override get message(): string {
    const meant = this.suggestion === null ? "" : `; did you mean ${this.suggestion}?`
    return `--pipeline ${this.given}: there is no such pipeline${meant}\n  mend: one of ${this.known.join(", ")}`
  }
}

export class NoSuchNode extends Schema.TaggedError<NoSuchNode>()("NoSuchNode", {
  given: Schema.String,
  pipeline: Schema.String,
  known: Schema.Array(Schema.String),
  suggestion: Schema.NullOr(Schema.String)
}) {
  override get message(): string {
    const meant = this.suggestion === null ? "" : `; did you mean ${this.suggestion}?`
    const shown =
      this.known.length > 12 ? [...this.known.slice(0, 12), `and ${this.known.length - 12} more`] : this.known
    return `${this.given}: ${this.pipeline} has no such node${meant}\n  mend: one of ${shown.join(", ")}`
  }
}

/** What `Pipeline.build` threw and is no known fault of the settings: an error of the pipeline's own code. */
export class BuildFailed extends Schema.TaggedError<BuildFailed>()("BuildFailed", {
  pipeline: Schema.String,
  reason: Schema.String,
  stack: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    return `${this.pipeline}: it cannot be wired: ${this.reason}\n  mend: see the stack with --debug; the fault is in the pipeline's own code`
  }
}

/** A file named on the command line that cannot be used. */
export class FileFault extends Schema.TaggedError<FileFault>()("FileFault", {
  flag: Schema.String,
  path: Schema.String,
  fault: Schema.String,
  mend: Schema.String
}) {
  override get message(): string {
    return `${this.flag} ${this.path}: ${this.fault}\n  mend: ${this.mend}`
  }
}

/** The command ends with this code; what there was to say has been said. */
export class Ended extends Schema.TaggedError<Ended>()("Ended", { code: Schema.Int }) {}

/** The command or the configuration is wrong: nothing was run. */
const usage = new Set([
  "MalformedSetting",
  "UnknownSetting",
  "InvalidSetting",
  "MissingSetting",
  "SettingError",
  "ParamsError",
  "DuplicateNode",
  "BuildFailed",
  "UnknownPipeline",
  "UnknownNode",
  "NoSuchNode",
  "NoSuchRun",
  "NoDescription",
  "NoTrainedModel",
  "ModelFault",
  "StoreInUse",
  "SelectionBlocked",
  "FileFault",
  "SourceMissing",
  "StoreVersionError",
  "CodeError",
  "ShowHelp"
])

const tagOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : undefined

/** 0 done; 1 a stage failed, or something unforeseen; 2 the command or configuration is wrong. */
export const exitCodeOf = (error: unknown): number => {
  if (error instanceof Ended) return error.code
  const tag = tagOf(error)
  if (tag === "StoreError") return (error as { readonly operation?: unknown }).operation === "open" ? 2 : 1
  return tag !== undefined && usage.has(tag) ? 2 : 1
}
