/** Immutable bytes, named by their SHA-256. A file's existence under its name means that it was written whole. */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Digest, digestOf } from "./digest.ts"
import { DamagedBlob, isNotFound, type StoreError, storeError } from "./error.ts"
import { moveAside, moveInto, readIfPresent, sizeIfPresent, stampIfPresent, writeAtomic } from "./files.ts"
import { type Draft, openBytes, type StoredBytes } from "./stored-bytes.ts"

/** How bytes are got. Either fails where there is no such blob. */
export interface Readers {
  readonly read: (digest: Digest) => Effect.Effect<Uint8Array, StoreError | DamagedBlob>
  /** The bytes where they lie. */
  readonly open: (digest: Digest) => Effect.Effect<StoredBytes, StoreError | DamagedBlob, Scope.Scope>
}

/** Its readers verify the bytes against their name. An altered blob is moved aside. */
export interface Blobs extends Readers {
  readonly pathOf: (digest: Digest) => string
  /** Size in bytes, or undefined where the blob is not there. */
  readonly sizeOf: (digest: Digest) => Effect.Effect<number | undefined, StoreError>
  /** Writes the bytes, unless they are there already. */
  readonly write: (bytes: Uint8Array) => Effect.Effect<Digest, StoreError>
  /** Gives a written file its name, unless the blob is there already. */
  readonly adopt: (draft: Draft) => Effect.Effect<Digest, StoreError>
  /** For who knows that the bytes are whole. */
  readonly unverified: Readers
  /** Changes whenever the file does (its size, times and inode), or undefined where the blob is not there. */
  readonly stampOf: (digest: Digest) => Effect.Effect<string | undefined, StoreError>
  /** Checks the bytes without holding them in memory. An altered blob is moved aside. */
  readonly verify: (digest: Digest) => Effect.Effect<void, StoreError | DamagedBlob>
}

const streamDigest = async (path: string): Promise<Digest> => {
  const hash = createHash("sha256")
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest("hex")
}

export const makeBlobs = (root: string): Blobs => {
  const temporary = join(root, "tmp")
  const pathOf = (digest: Digest) => join(root, "blobs", digest.slice(0, 2), digest)
  const sizeOf = (digest: Digest) => sizeIfPresent(pathOf(digest))
  const stampOf = (digest: Digest) => stampIfPresent(pathOf(digest))
  const setAside = (digest: Digest) => moveAside(pathOf(digest), join(root, "damaged"))

  const readUnverified = Effect.fnUntraced(function* (digest: Digest) {
    return (yield* readIfPresent(pathOf(digest))) ?? (yield* new DamagedBlob({ digest, fault: "missing" }))
  })

  const openUnverified = Effect.fnUntraced(function* (digest: Digest) {
    const size = yield* sizeOf(digest)
    if (size === undefined) return yield* new DamagedBlob({ digest, fault: "missing" })
    return yield* openBytes(pathOf(digest), size)
  })

  const read = Effect.fnUntraced(function* (digest: Digest) {
    const bytes = yield* readUnverified(digest)
    if (digestOf(bytes) === digest) return bytes
    yield* setAside(digest)
    return yield* new DamagedBlob({ digest, fault: "altered" })
  })

  const verify = Effect.fnUntraced(function* (digest: Digest) {
    const path = pathOf(digest)
    const actual = yield* Effect.tryPromise({ try: () => streamDigest(path), catch: storeError("read", path) }).pipe(
      Effect.catch((error) => (isNotFound(error) ? Effect.succeed(undefined) : Effect.fail(error)))
    )
    if (actual === undefined) return yield* new DamagedBlob({ digest, fault: "missing" })
    if (actual === digest) return
    yield* setAside(digest)
    return yield* new DamagedBlob({ digest, fault: "altered" })
  })

  /** Bytes of the right size may still be altered: what is there is read before it is taken for the blob. */
  const isWhole = (digest: Digest) =>
    verify(digest).pipe(
      Effect.as(true),
      Effect.catchTag("DamagedBlob", () => Effect.succeed(false))
    )

  /** Whether the whole blob is there; one of another size is moved aside. */
  const isThere = Effect.fnUntraced(function* (digest: Digest, size: number) {
    const present = yield* sizeOf(digest)
    if (present === size && (yield* isWhole(digest))) return true
    if (present !== undefined && present !== size) yield* setAside(digest)
    return false
  })

  const write = Effect.fnUntraced(function* (bytes: Uint8Array) {
    const digest = digestOf(bytes)
    if (!(yield* isThere(digest, bytes.byteLength))) yield* writeAtomic(pathOf(digest), bytes, temporary)
    return digest
  })

  const adopt = Effect.fnUntraced(function* ({ path, digest, size }: Draft) {
    if (!(yield* isThere(digest, size))) yield* moveInto(path, pathOf(digest))
    return digest
  })

  const open = Effect.fnUntraced(function* (digest: Digest) {
    yield* verify(digest)
    return yield* openUnverified(digest)
  })

  const unverified = { read: readUnverified, open: openUnverified }
  return { pathOf, sizeOf, stampOf, write, adopt, read, open, unverified, verify }
}
