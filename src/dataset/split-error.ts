/** What can be wrong with a split, and with what would be split. */
import * as Schema from "effect/Schema"
import { faultFields, sentence } from "./fault.ts"

export const SplitReason = Schema.Literals([
  "fractions",
  "too-few-groups",
  "no-column",
  "generator-unknown",
  "class-missing",
  "group-in-two-splits",
  "near-duplicate-in-two-splits",
  "equal-images-in-both-classes",
  "synthetic-outside-train"
])
export type SplitReason = typeof SplitReason.Type

/** A split that cannot be made or that would leak; `rows` are the ids of the images that break the rule. */
export class SplitError extends Schema.TaggedError<SplitError>()("SplitError", {
  reason: SplitReason,
  rows: Schema.Array(Schema.String),
  ...faultFields
}) {
  override get message(): string {
    return sentence(this)
  }
}
