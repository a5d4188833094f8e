/** What can be wrong with a setting before any stage sees it. */
import * as Schema from "effect/Schema"

/** `--set` without `path=value`. */
export class MalformedSetting extends Schema.TaggedError<MalformedSetting>()("MalformedSetting", {
  given: Schema.String
}) {
  override get message(): string {
    return `--set ${this.given}: it has no path and value\n  mend: write --set path=value, such as --set model.frozenLayers=3`
  }
}

/** A path that the pipeline's settings do not have. */
export class UnknownSetting extends Schema.TaggedError<UnknownSetting>()("UnknownSetting", {
  from: Schema.String,
  path: Schema.String,
  pipeline: Schema.String,
  suggestion: Schema.NullOr(Schema.String),
  /** What stands beside it: the settings of the section, or the sections. */
  known: Schema.Array(Schema.String),
  section: Schema.String
}) {
  override get message(): string {
    const meant = this.suggestion === null ? "" : `; did you mean ${this.suggestion}?`
    const where = this.section === "" ? `settings of ${this.pipeline}` : `settings of ${this.section}`
    return `${this.from}: there is no setting ${this.path}${meant}\n  mend: ${where}: ${this.known.join(", ")}`
  }
}

/** A value that its setting cannot have. */
export class InvalidSetting extends Schema.TaggedError<InvalidSetting>()("InvalidSetting", {
  from: Schema.String,
  path: Schema.String,
  fault: Schema.String,
  description: Schema.NullOr(Schema.String),
  /** The default, as JSON. */
  standard: Schema.NullOr(Schema.String),
  /** The setting that `path` lies in, and the values that it (or an item of its list) may have, where they are few. */
  setting: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const about = this.description === null ? "" : `\n  about: ${this.description}`
    const standard = this.standard === null ? "" : `; its default is ${this.standard}`
    const fitting = this.known.length === 0 ? "a value that fits" : `one of ${this.known.join(", ")}`
    return `${this.from}: ${this.path}: ${this.fault}${about}\n  mend: give ${this.setting} ${fitting}${standard}`
  }
}

/** Settings that have no default and were not given. */
export class MissingSetting extends Schema.TaggedError<MissingSetting>()("MissingSetting", {
  pipeline: Schema.String,
  paths: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const flags = this.paths.map((path) => `--set ${path}=...`).join(" ")
    return `${this.pipeline}: ${this.paths.join(", ")} must be given\n  mend: ${flags}`
  }
}

export type SettingFault = MalformedSetting | UnknownSetting | InvalidSetting | MissingSetting
