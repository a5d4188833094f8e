import * as Schema from "effect/Schema"

/** Parameters that do not fit the stage's schema. */
export class ParamsError extends Schema.TaggedError<ParamsError>()("ParamsError", {
  node: Schema.String,
  issue: Schema.String
}) {
  override get message(): string {
    const issue = this.issue.replaceAll(/\n\s+at /gu, " at ").replaceAll("\n", "; ")
    return `${this.node}: its parameters do not fit: ${issue}\n  mend: correct the params with which the pipeline makes this node`
  }
}

/** Two different nodes of one pipeline bear the same name. */
export class DuplicateNode extends Schema.TaggedError<DuplicateNode>()("DuplicateNode", { node: Schema.String }) {
  override get message(): string {
    return `${this.node}: two nodes of this pipeline have this name\n  mend: give one of them a \`label\``
  }
}

export class UnknownNode extends Schema.TaggedError<UnknownNode>()("UnknownNode", {
  node: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return `there is no node ${this.node}\n  mend: one of ${this.known.join(", ")}`
  }
}

/** A stage's module could not be bundled, or does not export the stage under its name. */
export class CodeError extends Schema.TaggedError<CodeError>()("CodeError", {
  stage: Schema.String,
  module: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    const reason = this.reason.replace(/^Build failed with \d+ errors?:\n/u, "").replaceAll(/<stage>:\d+:\d+: /gu, "")
    return `${this.stage}: its code in ${this.module} cannot be bundled: ${reason}\n  mend: correct that file; a stage's module exports it under its name in camel case`
  }
}

/** A stage ended in an error. `fault` is the stage's own message. */
export class StageFailed extends Schema.TaggedError<StageFailed>()("StageFailed", {
  node: Schema.String,
  tag: Schema.String,
  fault: Schema.String,
  stack: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    return `${this.node} failed: ${this.fault}`
  }
}

/** The run is over and not all of it succeeded. */
export class RunFailed extends Schema.TaggedError<RunFailed>()("RunFailed", {
  failures: Schema.Array(Schema.Struct({ node: Schema.String, message: Schema.String })),
  blocked: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const blocked = this.blocked.length === 0 ? "" : `\nnot run because of that: ${this.blocked.join(", ")}`
    return this.failures.map((failure) => failure.message).join("\n") + blocked
  }
}
