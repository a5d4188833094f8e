/**
 * Digests of files, kept by their stat: a file whose size, times and inode are as they were is not read again.
 *
 * A file changed within the clock's resolution of its hashing could keep its stat and not its bytes ("racy git"), so an
 * entry is trusted only when the file was last changed well before it was hashed.
 */
import { createHash } from "node:crypto"
import { type BigIntStats, createReadStream } from "node:fs"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { canonicalJson, type Digest, digestOf } from "./digest.ts"
import { type StoreError, storeError } from "./error.ts"
import { readIfPresent, writeAtomic } from "./files.ts"

/** [size, mtime ns, ctime ns, inode, hashed at ns, digest] */
const Entry = Schema.Tuple([Schema.String, Schema.String, Schema.String, Schema.String, Schema.String, Schema.String])
const Index = Schema.fromJsonString(Schema.Record(Schema.String, Entry))
type Entry = typeof Entry.Type

/** Coarsest resolution of a file time that we allow for, in nanoseconds (FAT has 2 s). */
const resolution = 2_000_000_000n
const streamedAbove = 8 << 20

const matches = (entry: Entry, stat: BigIntStats): boolean =>
  entry[0] === String(stat.size) &&
  entry[1] === String(stat.mtimeNs) &&
  entry[2] === String(stat.ctimeNs) &&
  entry[3] === String(stat.ino) &&
  stat.mtimeNs + resolution < BigInt(entry[4]) &&
  stat.ctimeNs + resolution < BigInt(entry[4])

const hashFile = async (path: string, size: bigint): Promise<Digest> => {
  if (size <= streamedAbove) return digestOf(await fs.readFile(path))
  const hash = createHash("sha256")
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest("hex")
}

export interface HashedFile {
  readonly digest: Digest
  readonly size: number
  /** False where the index knew the digest already. */
  readonly read: boolean
}

export interface StatIndex {
  /** The digest of the file at an absolute path. */
  readonly digest: (path: string) => Effect.Effect<HashedFile, StoreError>
  /** Writes what was learned; a no-op where nothing was. */
  readonly flush: Effect.Effect<void, StoreError>
}

/** Opens the index named `name` of the store at `root`. An index that cannot be read is begun anew. */
export const openStatIndex = Effect.fnUntraced(function* (root: string, name: string) {
  const path = join(root, "index", `${name}.json`)
  const bytes = yield* readIfPresent(path)
  const decoded = bytes === undefined ? Option.none() : Schema.decodeUnknownOption(Index)(bytes.toString("utf8"))
  const entries = new Map<string, Entry>(Option.isSome(decoded) ? Object.entries(decoded.value) : [])
  let changed = false

  const digest = (file: string): Effect.Effect<HashedFile, StoreError> =>
    Effect.tryPromise({
      try: async () => {
        const stat = await fs.stat(file, { bigint: true })
        const known = entries.get(file)
        if (known !== undefined && matches(known, stat)) {
          return { digest: known[5], size: Number(stat.size), read: false }
        }
        const hashedAt = BigInt(Date.now()) * 1_000_000n
        const value = await hashFile(file, stat.size)
        changed = true
        const { size, mtimeNs, ctimeNs, ino } = stat
        entries.set(file, [String(size), String(mtimeNs), String(ctimeNs), String(ino), String(hashedAt), value])
        return { digest: value, size: Number(stat.size), read: true }
      },
      catch: storeError("hash", file)
    })

  const flush = Effect.suspend(() =>
    changed ? writeAtomic(path, canonicalJson(Object.fromEntries(entries)), join(root, "tmp")) : Effect.void
  )
  return { digest, flush } satisfies StatIndex
})
