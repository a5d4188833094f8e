/**
 * Digests of files, kept by their stat: a file whose size, times and inode are as they were is not read again.
 *
 * A file changed within the clock's resolution of its hashing could keep its stat and not its bytes ("racy git"), so an
 * entry is kept only of a file that was last changed well before it was hashed.
 */
import { createHash } from "node:crypto"
import { type BigIntStats, createReadStream, statSync } from "node:fs"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { canonicalJson, type Digest, digestOf } from "./digest.ts"
import { type StoreError, storeError } from "./error.ts"
import { readIfPresent, stampOf, writeAtomic } from "./files.ts"

/** Path → "size mtime ctime inode digest", times in nanoseconds. */
const Index = Schema.fromJsonString(Schema.Record(Schema.String, Schema.String))

/** Coarsest resolution of a file time that we allow for, in nanoseconds (FAT has 2 s). */
const resolution = 2_000_000_000n
const streamedAbove = 8 << 20

const isSettled = ({ mtimeNs, ctimeNs }: BigIntStats, hashedAt: bigint): boolean =>
  mtimeNs + resolution < hashedAt && ctimeNs + resolution < hashedAt

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
  const entries = new Map(Option.isSome(decoded) ? Object.entries(decoded.value) : [])
  let changed = false

  const hash = (file: string, stat: BigIntStats): Effect.Effect<HashedFile, StoreError> =>
    Effect.tryPromise({
      try: async () => {
        const hashedAt = BigInt(Date.now()) * 1_000_000n
        const digest = await hashFile(file, stat.size)
        if (isSettled(stat, hashedAt)) {
          entries.set(file, `${stampOf(stat)} ${digest}`)
          changed = true
        }
        return { digest, size: Number(stat.size), read: true }
      },
      catch: storeError("hash", file)
    })

  const digest = (file: string): Effect.Effect<HashedFile, StoreError> =>
    Effect.suspend(() => {
      let stat: BigIntStats
      try {
        // At once: a trip through Node's thread pool would cost several times the call.
        stat = statSync(file, { bigint: true })
      } catch (cause) {
        return Effect.fail(storeError("hash", file)(cause))
      }
      const stamp = `${stampOf(stat)} `
      const known = entries.get(file)
      if (known === undefined || !known.startsWith(stamp)) return hash(file, stat)
      return Effect.succeed({ digest: known.slice(stamp.length), size: Number(stat.size), read: false })
    })

  const flush = Effect.suspend(() =>
    changed ? writeAtomic(path, canonicalJson(Object.fromEntries(entries)), join(root, "tmp")) : Effect.void
  )
  return { digest, flush } satisfies StatIndex
})
