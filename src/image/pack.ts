/**
 * Packs: many images of one size in one run of bytes, read by position. Layout, little-endian:
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

/** The bytes of a pack, in a file or in memory. */
export interface PackBytes {
  readonly size: number
  /** Fills `into` from `position` on. Throws where the bytes do not reach so far. */
  readonly read: (position: number, into: Uint8Array) => void
}

/** Images by position or key. Only the keys are held in memory. */
export interface Pack extends PackShape {
  /** The position of a key; undefined where it is not in the pack. */
  readonly indexOf: (key: string) => number | undefined
  /** Writes `side × side × 3` values into `into`. Throws RangeError outside the pack. */
  readonly read: (index: number, view: number, into: Uint8Array) => void
  /** The same in an array of its own. */
  readonly image: (index: number, view?: number) => Uint8Array
}

/** What comes before the pixels. Equal shapes give equal bytes. Throws RangeError where two keys are the same. */
export const packHeader = ({ side, views, keys }: PackShape): Uint8Array => {
  if (new Set(keys).size !== keys.length) throw new RangeError("two images of a pack have the same key")
  const text = new TextEncoder().encode(JSON.stringify(keys))
  const start = Math.ceil((HEADER + text.length) / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(start)
  const header = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(MAGIC))
  for (const [index, value] of [VERSION, side, views, keys.length, text.length, start].entries()) {
    header.setUint32(8 + 4 * index, value, true)
  }
  bytes.set(text, HEADER)
  return bytes
}

const malformed = (fault: string): MalformedPack =>
  new MalformedPack({
    place: "pack of images",
    fault,
    mend: "Run the stage that makes it again (the stored copy is damaged, or of another version)."
  })

const Keys = Schema.fromJsonString(Schema.Array(Schema.String))

const readFrom = (bytes: PackBytes, position: number, length: number): Uint8Array => {
  const into = new Uint8Array(length)
  bytes.read(position, into)
  return into
}

/** Reads and checks header and keys; the pixels stay where they are. */
export const openPack = (bytes: PackBytes): Effect.Effect<Pack, MalformedPack> =>
  Effect.gen(function* () {
    const head = bytes.size < HEADER ? new Uint8Array(HEADER) : readFrom(bytes, 0, HEADER)
    if (new TextDecoder("latin1").decode(head.subarray(0, 8)) !== MAGIC) {
      return yield* malformed(`it does not begin with ${MAGIC}`)
    }
    const header = new DataView(head.buffer)
    const [version, side, views, count, keyBytes, start] = [0, 1, 2, 3, 4, 5].map((index) =>
      header.getUint32(8 + 4 * index, true)
    ) as [number, number, number, number, number, number]
    if (version !== VERSION) return yield* malformed(`its version is ${version}; this program reads ${VERSION}`)
    if (side === 0 || views === 0) return yield* malformed(`side ${side} and ${views} views an image`)
    const viewLength = side * side * 3
    const expected = start + count * views * viewLength
    if (start < HEADER + keyBytes || expected !== bytes.size) {
      return yield* malformed(`its header speaks of ${expected} bytes; there are ${bytes.size}`)
    }
    const keys = yield* Schema.decodeUnknownEffect(Keys)(
      new TextDecoder().decode(readFrom(bytes, HEADER, keyBytes))
    ).pipe(Effect.mapError(() => malformed("its keys are not a JSON array of strings")))
    const positions = new Map(keys.map((key, index) => [key, index]))
    if (keys.length !== count || positions.size !== count) {
      return yield* malformed(`it has ${positions.size} different keys for ${count} images`)
    }
    const read = (index: number, view: number, into: Uint8Array): void => {
      if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`no image ${index} in the pack`)
      if (!Number.isInteger(view) || view < 0 || view >= views) throw new RangeError(`no view ${view} in the pack`)
      if (into.length !== viewLength) throw new RangeError(`an image has ${viewLength} values, not ${into.length}`)
      bytes.read(start + (index * views + view) * viewLength, into)
    }
    const image = (index: number, view = 0): Uint8Array => {
      const pixels = new Uint8Array(viewLength)
      read(index, view, pixels)
      return pixels
    }
    return { side, views, keys, indexOf: (key) => positions.get(key), read, image }
  })
