import * as Schema from "effect/Schema"

/** A part of the report that could not be drawn: `part` is the chart or file, `reason` what was wrong with it. */
export class ReportError extends Schema.TaggedError<ReportError>()("ReportError", {
  part: Schema.String,
  reason: Schema.String,
  mend: Schema.String
}) {
  override get message(): string {
    return `report, ${this.part}: ${this.reason}. ${this.mend}`
  }
}
