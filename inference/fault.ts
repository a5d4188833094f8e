import * as Schema from "effect/Schema"

/** What `predict` and `export` refuse. */
export class ModelFault extends Schema.TaggedError<ModelFault>()("ModelFault", {
  place: Schema.String,
  fault: Schema.String,
  mend: Schema.String
}) {
  override get message(): string {
    return `${this.place}: ${this.fault}\n  mend: ${this.mend}`
  }
}
