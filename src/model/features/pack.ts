/**
 * Packs of features, read where they lie. Layout, little-endian:
 *
 * | bytes | what |
 * | --- | --- |
 * | 0…7 | `DERMFEAT` |
 * | 8 | length of the header in bytes: uint32 |
 * | 12… | the header, JSON: `FeatureShape` |
 * | then | images × views × height × width × channels numbers, in the order of the keys |
 */
import * as Schema from "effect/Schema"
import { WeightFileError } from "../errors.ts"
import { decodeHalves, encodeHalves } from "../weights/float16.ts"

export const precisions = ["float32", "float16"] as const
export type Precision = (typeof precisions)[number]

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const FeatureShape = Schema.Struct({
  version: Schema.Literal(1),
  precision: Schema.Literals(precisions),
  /** Height, width, channels of one view. */
  shape: Schema.Tuple([Count, Count, Count]),
  /** How many of the network's first layers have been gone through. */
  done: Count,
  views: Count,
  /** One an image (its digest), all different. */
  keys: Schema.Array(Schema.String)
})
export type FeatureShape = typeof FeatureShape.Type

/** Bytes that can be read by position. */
export interface Readable {
  readonly size: number
  readonly read: (position: number, into: Uint8Array) => void
}

export interface FeaturePack extends FeatureShape {
  readonly indexOf: (key: string) => number | undefined
  /** Reads the features of one view. */
  readonly read: (index: number, view: number, into: Float32Array) => void
}

const MAGIC = "DERMFEAT"
const headerCodec = Schema.fromJsonString(FeatureShape)

/** What stands before the numbers. */
export const encodeHead = (shape: FeatureShape): Uint8Array => {
  const text = Buffer.from(Schema.encodeSync(headerCodec)(shape))
  const head = Buffer.alloc(12 + text.length)
  head.write(MAGIC, "latin1")
  head.writeUInt32LE(text.length, 8)
  head.set(text, 12)
  return head
}

export const bytesOf = (precision: Precision, numbers: Float32Array): Uint8Array => {
  const { buffer, byteOffset, byteLength } = precision === "float16" ? encodeHalves(numbers) : numbers
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The numbers of `bytes`, into as many places. */
export const numbersOf = (precision: Precision, bytes: Uint8Array, into: Float32Array): void => {
  if (precision === "float32") new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(bytes)
  else decodeHalves(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2), into)
}

const malformed = (fault: string) =>
  new WeightFileError({
    tensor: undefined,
    message: `pack of features: ${fault}. Run the stage that makes it again (the stored copy is damaged, or of another version).`
  })

/** Checks header and size; the numbers stay where they are. Throws WeightFileError. */
export const openFeatures = (file: Readable): FeaturePack => {
  const start = new Uint8Array(Math.min(12, file.size))
  file.read(0, start)
  if (start.length < 12 || Buffer.from(start).toString("latin1", 0, 8) !== MAGIC) {
    throw malformed(`it does not begin with ${MAGIC}`)
  }
  const length = Buffer.from(start).readUInt32LE(8)
  if (12 + length > file.size) throw malformed(`a header of ${length} bytes in ${file.size}`)
  const text = new Uint8Array(length)
  file.read(12, text)
  const decoded = Schema.decodeUnknownResult(headerCodec)(Buffer.from(text).toString("utf8"))
  if (decoded._tag === "Failure") throw malformed("its header is not one of features")
  const header = decoded.success
  const { precision, shape, views, keys } = header
  const numbers = shape[0] * shape[1] * shape[2]
  const viewBytes = numbers * (precision === "float16" ? 2 : 4)
  const expected = 12 + length + keys.length * views * viewBytes
  if (expected !== file.size) throw malformed(`its header speaks of ${expected} bytes; there are ${file.size}`)
  const positions = new Map(keys.map((key, index) => [key, index]))
  const halves = new Uint8Array(precision === "float16" ? viewBytes : 0)
  return {
    ...header,
    indexOf: (key) => positions.get(key),
    read: (index, view, into) => {
      if (!(index >= 0 && index < keys.length && view >= 0 && view < views)) {
        throw new RangeError(`no view ${view} of image ${index} in the pack of features`)
      }
      const place = 12 + length + (index * views + view) * viewBytes
      if (precision === "float32") {
        file.read(place, new Uint8Array(into.buffer, into.byteOffset, into.byteLength))
      } else {
        file.read(place, halves)
        numbersOf(precision, halves, into)
      }
    }
  }
}
