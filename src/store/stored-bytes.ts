/**
 * Bytes too many to hold: written piece by piece and read by position. What is read lies in the system's page cache and
 * not in this process, so any number of stages may read one file of any size.
 */
import { createHash, randomUUID } from "node:crypto"
import { closeSync, openSync, readSync } from "node:fs"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Digest } from "./digest.ts"
import { type StoreError, storeError } from "./error.ts"

export interface StoredBytes {
  readonly size: number
  /** Fills `into` from `position` on. Throws RangeError where the bytes do not reach so far. */
  readonly read: (position: number, into: Uint8Array) => void
}

const checkRange = (size: number, position: number, length: number): void => {
  if (position >= 0 && position + length <= size) return
  throw new RangeError(`bytes ${position} to ${position + length} of ${size}`)
}

export const inMemory = (bytes: Uint8Array): StoredBytes => ({
  size: bytes.byteLength,
  read: (position, into) => {
    checkRange(bytes.byteLength, position, into.byteLength)
    into.set(bytes.subarray(position, position + into.byteLength))
  }
})

/** The whole, held: for values that are small after all. */
export const readAll = ({ size, read }: StoredBytes): Uint8Array => {
  const bytes = new Uint8Array(size)
  read(0, bytes)
  return bytes
}

/** Opens a file until the scope closes. */
export const openBytes = (path: string, size: number): Effect.Effect<StoredBytes, StoreError, Scope.Scope> =>
  Effect.acquireRelease(Effect.try({ try: () => openSync(path, "r"), catch: storeError("open", path) }), (file) =>
    Effect.sync(() => closeSync(file))
  ).pipe(
    Effect.map((file) => ({
      size,
      read: (position, into) => {
        checkRange(size, position, into.byteLength)
        let filled = 0
        while (filled < into.byteLength) {
          const read = readSync(file, into, filled, into.byteLength - filled, position + filled)
          // Removed or cut short while it was read: never a silent zero.
          if (read === 0) throw new RangeError(`${path} ends before byte ${position + into.byteLength}`)
          filled += read
        }
      }
    }))
  )

/** A written file that has no place in the store yet. */
export interface Draft extends StoredBytes {
  readonly path: string
  readonly digest: Digest
}

export const isDraft = (value: unknown): value is Draft =>
  typeof value === "object" && value !== null && "path" in value && "digest" in value

/** Writes pieces, in their order, to a new file of `folder`; it is gone when the scope closes, unless it was moved. */
export const writeDraft = <E, R>(
  folder: string,
  pieces: Stream.Stream<Uint8Array, E, R>
): Effect.Effect<Draft, E | StoreError, R | Scope.Scope> =>
  Effect.gen(function* () {
    const path = join(folder, randomUUID())
    const attempt = <A>(work: () => Promise<A>) => Effect.tryPromise({ try: work, catch: storeError("write", path) })
    yield* attempt(() => fs.mkdir(folder, { recursive: true }))
    yield* Effect.addFinalizer(() => Effect.promise(() => fs.rm(path, { force: true }).catch(() => undefined)))
    const hash = createHash("sha256")
    let size = 0
    yield* Effect.acquireUseRelease(
      attempt(() => fs.open(path, "wx")),
      (file) =>
        Stream.runForEach(pieces, (piece) =>
          attempt(async () => {
            hash.update(piece)
            size += piece.byteLength
            await file.writeFile(piece)
          })
        ).pipe(Effect.andThen(attempt(() => file.sync()))),
      (file) => Effect.promise(() => file.close())
    )
    return { path, digest: hash.digest("hex"), ...(yield* openBytes(path, size)) }
  })
