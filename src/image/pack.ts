/**
 * Packs: many images of one size in one run of bytes, read without copying. Layout, little-endian:
 *
 * | bytes | what |
 * | --- | --- |
 * | 0…7 | `DERMPACK` |
 * | 8, 12, 16, 20 | version (1), side, views an image, images: uint32 |
 * | 24 | length of the keys in bytes: uint32 |
 * | 28 | where the pixels start, a multiple of 64: uint32 |
 * | 32… | the keys, a JSON array of strings (UTF-8), then zeros |
 * | pixels | images × views × side × side × 3 values, in the order of the keys |
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { MalformedPack } from "./error.ts"

const MAGIC = "DERMPACK"
const VERSION = 1
const HEADER = 32
const ALIGNMENT = 64

export interface PackShape {
  /** Pixels. */
  readonly side: number
  /** Views an image. */
  readonly views: number
  /** One an image (its digest), all different. */
  readonly keys: ReadonlyArray<string>
}

export interface PackContent extends PackShape {
  /** images × views × side × side × 3 values. */
  readonly pixels: Uint8Array
}

/** Images by position or key, wherever their bytes lie. */
export interface Images {
  readonly side: number
  readonly views: number
  readonly keys: ReadonlyArray<string>
  /** The position of a key; undefined where it is not in the pack. */
  readonly indexOf: (key: string) => number | undefined
  /** `side × side × 3` values: a window on the pack's bytes, not a copy. Throws RangeError outside the pack. */
  readonly image: (index: number, view?: number) => Uint8Array
  /** All views of one image: `views × side × side × 3` values. */
  readonly allViews: (index: number) => Uint8Array
}

export interface Pack extends Images {
  /** All pixels, in the order of the keys. */
  readonly pixels: Uint8Array
}

/**
 * The bytes of a pack whose pixels are yet to be written, all 0, and the window to write them in. Throws RangeError where
 * two keys are the same.
 */
export const blankPack = ({ side, views, keys }: PackShape): { readonly bytes: Uint8Array; pixels: Uint8Array } => {
  if (new Set(keys).size !== keys.length) throw new RangeError("two images of a pack have the same key")
  const text = new TextEncoder().encode(JSON.stringify(keys))
  const start = Math.ceil((HEADER + text.length) / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(start + keys.length * views * side * side * 3)
  const header = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(MAGIC))
  for (const [index, value] of [VERSION, side, views, keys.length, text.length, start].entries()) {
    header.setUint32(8 + 4 * index, value, true)
  }
  bytes.set(text, HEADER)
  return { bytes, pixels: bytes.subarray(start) }
}

/** Equal content gives equal bytes. Throws RangeError where keys and pixels do not fit each other. */
export const encodePack = (content: PackContent): Uint8Array => {
  const { bytes, pixels } = blankPack(content)
  if (content.pixels.length !== pixels.length) {
    throw new RangeError(`a pack of this shape has ${pixels.length} values, ${content.pixels.length} were given`)
  }
  pixels.set(content.pixels)
  return bytes
}

const malformed = (fault: string): MalformedPack =>
  new MalformedPack({
    place: "pack of images",
    fault,
    mend: "Run the stage that makes it again (the stored copy is damaged, or of another version)."
  })

const Keys = Schema.fromJsonString(Schema.Array(Schema.String))

/** Checks header and bounds; the pixels stay where they are. */
export const openPack = (bytes: Uint8Array): Effect.Effect<Pack, MalformedPack> =>
  Effect.gen(function* () {
    if (bytes.length < HEADER || new TextDecoder("latin1").decode(bytes.subarray(0, 8)) !== MAGIC) {
      return yield* malformed(`it does not begin with ${MAGIC}`)
    }
    const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const field = (index: number): number => header.getUint32(8 + 4 * index, true)
    const [version, side, views, count, keyBytes, start] = [0, 1, 2, 3, 4, 5].map(field) as [
      number,
      number,
      number,
      number,
      number,
      number
    ]
    if (version !== VERSION) return yield* malformed(`its version is ${version}; this program reads ${VERSION}`)
    if (side === 0 || views === 0) return yield* malformed(`side ${side} and ${views} views an image`)
    const viewLength = side * side * 3
    const imageLength = views * viewLength
    const expected = start + count * imageLength
    if (start < HEADER + keyBytes || expected !== bytes.length) {
      return yield* malformed(`its header speaks of ${expected} bytes; there are ${bytes.length}`)
    }
    const keys = yield* Schema.decodeUnknownEffect(Keys)(
      new TextDecoder().decode(bytes.subarray(HEADER, HEADER + keyBytes))
    ).pipe(Effect.mapError(() => malformed("its keys are not a JSON array of strings")))
    const positions = new Map(keys.map((key, index) => [key, index]))
    if (keys.length !== count || positions.size !== count) {
      return yield* malformed(`it has ${positions.size} different keys for ${count} images`)
    }
    const pixels = bytes.subarray(start)
    const allViews = (index: number): Uint8Array => {
      if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`no image ${index} in the pack`)
      return pixels.subarray(index * imageLength, (index + 1) * imageLength)
    }
    const image = (index: number, view = 0): Uint8Array => {
      if (!Number.isInteger(view) || view < 0 || view >= views) throw new RangeError(`no view ${view} in the pack`)
      return allViews(index).subarray(view * viewLength, (view + 1) * viewLength)
    }
    return { side, views, keys, indexOf: (key) => positions.get(key), image, allViews, pixels }
  })

/** Packs one after the other, as one. Throws RangeError where they differ in shape or two have the same key. */
export const joinPacks = (packs: ReadonlyArray<Images>): Images => {
  const { side, views } = packs[0] ?? { side: 0, views: 0 }
  const keys = packs.flatMap((pack) => pack.keys)
  const positions = new Map(keys.map((key, index) => [key, index]))
  if (positions.size !== keys.length) throw new RangeError("two packs hold an image of the same key")
  if (packs.some((pack) => pack.side !== side || pack.views !== views)) throw new RangeError("packs differ in shape")
  const places = packs.flatMap((pack) => pack.keys.map((_, index) => [pack, index] as const))
  const at = (index: number): readonly [Images, number] => {
    const place = places[index]
    if (place === undefined) throw new RangeError(`no image ${index} in the packs`)
    return place
  }
  return {
    side,
    views,
    keys,
    indexOf: (key) => positions.get(key),
    image: (index, view) => {
      const [pack, within] = at(index)
      return pack.image(within, view)
    },
    allViews: (index) => {
      const [pack, within] = at(index)
      return pack.allViews(within)
    }
  }
}
