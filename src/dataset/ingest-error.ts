/** What can be wrong with a data folder. */
import * as Schema from "effect/Schema"
import { faultFields, sentence } from "./fault.ts"

export const IngestReason = Schema.Literals([
  "no-images",
  "unknown-layout",
  "ambiguous-layout",
  "encoding",
  "empty-table",
  "malformed-table",
  "table-too-large",
  "missing-column",
  "unknown-label",
  "missing-label",
  "duplicate-image",
  "missing-image",
  "ambiguous-image",
  "path-outside",
  "digest-mismatch",
  "unknown-split",
  "unreadable-images",
  "malformed-manifest",
  "malformed-companion"
])
export type IngestReason = typeof IngestReason.Type

/** A data folder that cannot be read as a set of labelled images. */
export class IngestError extends Schema.TaggedError<IngestError>()("IngestError", {
  reason: IngestReason,
  ...faultFields
}) {
  override get message(): string {
    return sentence(this)
  }
}
