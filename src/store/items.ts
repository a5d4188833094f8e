/**
 * Results for single items (one image of a stage that maps over images), many to a file: adding ten images makes ten
 * results, and no result costs a file of its own.
 *
 * Items lie in segments under `items/<recipe>/`, each written whole and never changed. A recipe names everything that
 * could change an item's result beside its key: the stage and its code. Layout of a segment: the header's length
 * (u32, little endian), the header (JSON: key, size and SHA-256 of each item), the items end to end.
 */
import * as fs from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { canonicalJson, digestOf } from "./digest.ts"
import { type StoreError, storeError } from "./error.ts"
import { moveAside, writeAtomic } from "./files.ts"

/** Items kept in memory before they are written, in bytes. */
const segmentBytes = 32 << 20

const Header = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ key: Schema.String, size: Schema.Int, digest: Schema.String }))
)

interface Place {
  readonly segment: string
  readonly offset: number
  readonly size: number
  readonly digest: string
}

export interface Items {
  /** The item's bytes, verified; none where there is no such item, or a damaged one. */
  readonly get: (key: string) => Effect.Effect<Option.Option<Uint8Array>, StoreError>
  readonly put: (key: string, bytes: Uint8Array) => Effect.Effect<void, StoreError>
  /** Writes what is still in memory. */
  readonly flush: Effect.Effect<void, StoreError>
  /** Closes the files; what was not flushed is lost. */
  readonly close: Effect.Effect<void>
}

const encodeSegment = (items: ReadonlyMap<string, Uint8Array>): Buffer => {
  const header = Buffer.from(
    canonicalJson([...items].map(([key, bytes]) => ({ key, size: bytes.byteLength, digest: digestOf(bytes) })))
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  return Buffer.concat([length, header, ...items.values()])
}

/** Reads a segment's header; undefined where it is not whole. */
const readHeader = async (path: string): Promise<ReadonlyArray<readonly [string, Place]> | undefined> => {
  const file = await fs.open(path, "r")
  try {
    const { size } = await file.stat()
    const length = Buffer.alloc(4)
    if (size < 4 || (await file.read(length, 0, 4, 0)).bytesRead < 4) return undefined
    const headerBytes = length.readUInt32LE(0)
    if (headerBytes > size - 4) return undefined
    const text = Buffer.alloc(headerBytes)
    await file.read(text, 0, headerBytes, 4)
    const header = Schema.decodeUnknownOption(Header)(text.toString("utf8"))
    if (Option.isNone(header)) return undefined
    let offset = 4 + headerBytes
    const places = header.value.map(({ key, size, digest }): readonly [string, Place] => {
      offset += size
      return [key, { segment: path, offset: offset - size, size, digest }]
    })
    return offset === size ? places : undefined
  } finally {
    await file.close()
  }
}

/** Opens the items of a recipe. Segments that are not whole are moved aside. */
export const openItems = Effect.fnUntraced(function* (root: string, recipe: string) {
  const folder = join(root, "items", recipe)
  const temporary = join(root, "tmp")
  const places = new Map<string, Place>()
  // Promises, so that two reads at the same time open a segment once.
  const files = new Map<string, Promise<fs.FileHandle>>()
  const waiting = new Map<string, Uint8Array>()
  let waitingBytes = 0

  const names = yield* Effect.promise(() => fs.readdir(folder).catch(() => []))
  for (const name of names.sort()) {
    const path = join(folder, name)
    const header = yield* Effect.tryPromise({ try: () => readHeader(path), catch: storeError("read", path) })
    if (header === undefined) yield* moveAside(path, join(root, "damaged"))
    else for (const [key, place] of header) places.set(key, place)
  }

  const read = async ({ segment, offset, size, digest }: Place): Promise<Option.Option<Uint8Array>> => {
    const opened = files.get(segment) ?? fs.open(segment, "r")
    files.set(segment, opened)
    const file = await opened
    const bytes = new Uint8Array(size)
    const { bytesRead } = await file.read(bytes, 0, size, offset)
    return bytesRead === size && digestOf(bytes) === digest ? Option.some(bytes) : Option.none()
  }

  const flush = Effect.suspend(() => {
    if (waiting.size === 0) return Effect.void
    const bytes = encodeSegment(waiting)
    waiting.clear()
    waitingBytes = 0
    // Named by content: two runs that make the same items write the same file.
    return writeAtomic(join(folder, digestOf(bytes)), bytes, temporary)
  })

  return {
    get: (key) => {
      const bytes = waiting.get(key)
      if (bytes !== undefined) return Effect.succeed(Option.some(bytes))
      const place = places.get(key)
      if (place === undefined) return Effect.succeed(Option.none())
      return Effect.tryPromise({ try: () => read(place), catch: storeError("read", place.segment) })
    },
    put: (key, bytes) =>
      Effect.suspend(() => {
        waiting.set(key, bytes)
        waitingBytes += bytes.byteLength
        return waitingBytes > segmentBytes ? flush : Effect.void
      }),
    flush,
    close: Effect.promise(async () => {
      for (const file of await Promise.allSettled(files.values())) {
        if (file.status === "fulfilled") await file.value.close()
      }
      files.clear()
    })
  } satisfies Items
})
