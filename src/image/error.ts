/** What can go wrong between the bytes of an image and its pixels: each error names the place, the fault and the mend. */
import * as Schema from "effect/Schema"

const fields = { place: Schema.String, fault: Schema.String, mend: Schema.String }

const sentence = (error: { readonly place: string; readonly fault: string; readonly mend: string }): string =>
  `${error.place}: ${error.fault}\n  ${error.mend}`

export const UnreadableReason = Schema.Literals([
  "empty",
  "not-an-image",
  "unsupported-format",
  "truncated",
  "damaged",
  "animated",
  "too-large"
])
export type UnreadableReason = typeof UnreadableReason.Type

/** A file that is no image this project reads; `place` is the name under which the caller knows it. */
export class UnreadableImage extends Schema.TaggedError<UnreadableImage>()("UnreadableImage", {
  reason: UnreadableReason,
  ...fields
}) {
  override get message(): string {
    return sentence(this)
  }
}

/** Bytes that are no pack of images, or a damaged one. */
export class MalformedPack extends Schema.TaggedError<MalformedPack>()("MalformedPack", fields) {
  override get message(): string {
    return sentence(this)
  }
}

/** A list of transforms, or a plan, that cannot be used as it is. */
export class InvalidAugmentation extends Schema.TaggedError<InvalidAugmentation>()("InvalidAugmentation", fields) {
  override get message(): string {
    return sentence(this)
  }
}
