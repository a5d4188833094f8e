/** What can be wrong with the training set of an arm. */
import * as Schema from "effect/Schema"
import { faultFields, sentence } from "./fault.ts"

export const BalanceReason = Schema.Literals([
  "no-synthetic-set",
  "not-synthetic",
  "too-few-synthetic",
  "generator-trained-outside-train",
  "synthetic-copies-evaluation",
  "class-missing",
  "unknown-row"
])
export type BalanceReason = typeof BalanceReason.Type

/** A training set that cannot be put together as asked; `rows` are the ids of the images that break the rule. */
export class BalanceError extends Schema.TaggedError<BalanceError>()("BalanceError", {
  reason: BalanceReason,
  rows: Schema.Array(Schema.String),
  ...faultFields
}) {
  override get message(): string {
    return sentence(this)
  }
}
