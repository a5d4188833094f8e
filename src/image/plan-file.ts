/**
 * A plan as a file: a line of JSON for what the images have in common, then a line for each image. So 30,000 images of
 * 8 views (some 200 MB) are written and read an image at a time. Keys are sorted: equal plans have equal bytes.
 */
import canonicalize from "canonicalize"
import * as Schema from "effect/Schema"
import { type AugmentationPlan, PlanHeader, PlannedImage } from "./plan.ts"

const headerCodec = Schema.toCodecJson(PlanHeader)
const imageCodec = Schema.toCodecJson(PlannedImage)
const encodeHeader = Schema.encodeSync(headerCodec)
const encodeImage = Schema.encodeSync(imageCodec)
const decodeHeader = Schema.decodeUnknownSync(Schema.fromJsonString(headerCodec))
const decodeImage = Schema.decodeUnknownSync(Schema.fromJsonString(imageCodec))

const line = (value: unknown): Uint8Array => new TextEncoder().encode(`${canonicalize(value)}\n`)

/** The bytes, a line at a time. */
export const planLines = function* ({ transforms, seed, views, digests, images }: AugmentationPlan) {
  yield line(encodeHeader({ transforms, seed, views, digests }))
  for (const image of images) yield line(encodeImage(image))
}

/** Bytes by position, as a pack has them. */
interface Bytes {
  readonly size: number
  readonly read: (position: number, into: Uint8Array) => void
}

/** Bytes read at once. */
const WINDOW = 1 << 18

const lines = function* ({ size, read }: Bytes): Generator<string> {
  const text = new TextDecoder("utf-8", { fatal: true })
  let rest = ""
  for (let position = 0; position < size; position += WINDOW) {
    const bytes = new Uint8Array(Math.min(WINDOW, size - position))
    read(position, bytes)
    const found = (rest + text.decode(bytes, { stream: true })).split("\n")
    rest = found.pop()!
    yield* found
  }
}

/** Opens what `planLines` wrote; images are decoded when they are gone through. Throws where the bytes are no plan. */
export const openPlan = (bytes: Bytes): AugmentationPlan => {
  const header = decodeHeader(lines(bytes).next().value)
  const images = {
    *[Symbol.iterator]() {
      const all = lines(bytes)
      all.next()
      for (const image of all) yield decodeImage(image)
    }
  }
  return { ...header, images }
}
