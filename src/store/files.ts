/**
 * The only way the store writes: to a temporary name in the same file system, flushed to the disk, then renamed.
 * A reader sees the old file, the new one or none; never a half.
 */
import { randomUUID } from "node:crypto"
import { type BigIntStats, readFileSync, statSync } from "node:fs"
import * as fs from "node:fs/promises"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { isNotFound, type StoreError, storeError } from "./error.ts"

/** Flushes a folder's entries, so that a rename survives a power cut. Not every system can: best effort. */
const flushFolder = async (path: string): Promise<void> => {
  const handle = await fs.open(path, "r").catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

/**
 * Makes a folder and those above it. Node's own `recursive` calls a read-only file system "no such file", which others take
 * for a folder that vanished.
 */
export const makeFolder = async (path: string): Promise<void> => {
  try {
    await fs.mkdir(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === "EEXIST") return
    if (code !== "ENOENT" || dirname(path) === path) throw cause
    await makeFolder(dirname(path))
    await makeFolder(path)
  }
}

/** Writes `bytes` to `path` atomically. `temporary` is a folder of the same file system. */
export const writeAtomic = (
  path: string,
  bytes: Uint8Array | string,
  temporary: string
): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      await makeFolder(dirname(path))
      await makeFolder(temporary)
      const draft = join(temporary, randomUUID())
      try {
        const handle = await fs.open(draft, "wx")
        try {
          await handle.writeFile(bytes)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await fs.rename(draft, path)
        await flushFolder(dirname(path))
      } catch (cause) {
        await fs.rm(draft, { force: true })
        throw cause
      }
    },
    catch: storeError("write", path)
  })

/** Gives a file that was written and flushed its place in the same file system. */
export const moveInto = (draft: string, path: string): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      await fs.mkdir(dirname(path), { recursive: true })
      await fs.rename(draft, path)
      await flushFolder(dirname(path))
    },
    catch: storeError("write", path)
  })

/** The bytes of a file, or undefined where there is none. */
export const readIfPresent = (path: string): Effect.Effect<Buffer | undefined, StoreError> =>
  Effect.tryPromise({ try: () => fs.readFile(path), catch: storeError("read", path) }).pipe(
    Effect.catch((error) => (isNotFound(error) ? Effect.succeed(undefined) : Effect.fail(error)))
  )

/** What a file system call gives, or undefined where there is no such file. */
const ifPresent = <A>(operation: string, path: string, call: () => A): Effect.Effect<A | undefined, StoreError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(call())
    } catch (cause) {
      const error = storeError(operation, path)(cause)
      return isNotFound(error) ? Effect.succeed(undefined) : Effect.fail(error)
    }
  })

/**
 * The text of a small file, or undefined where there is none. Read at once: the way through Node's thread pool costs
 * ten times what such a read does, and a plan makes one for every node.
 */
export const readSmallIfPresent = (path: string): Effect.Effect<string | undefined, StoreError> =>
  ifPresent("read", path, () => readFileSync(path, "utf8"))

/** Size in bytes of a file, or undefined where there is none. */
export const sizeIfPresent = (path: string): Effect.Effect<number | undefined, StoreError> =>
  ifPresent("stat", path, () => statSync(path, { throwIfNoEntry: false })?.size)

/** What changes whenever a file does: its size, times in nanoseconds and inode. */
export const stampOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string => `${size} ${mtimeNs} ${ctimeNs} ${ino}`

/** The stamp of a file, or undefined where there is none. */
export const stampIfPresent = (path: string): Effect.Effect<string | undefined, StoreError> =>
  ifPresent("stat", path, () => stampOf(statSync(path, { bigint: true })))

/** Removes a file or folder; nothing happens where there is none. */
export const remove = (path: string): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({ try: () => fs.rm(path, { recursive: true, force: true }), catch: storeError("remove", path) })

/** Moves a file aside, for a person to look at. */
export const moveAside = (path: string, folder: string): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      await makeFolder(folder)
      await fs.rename(path, join(folder, `${path.split("/").at(-1)}.${randomUUID().slice(0, 8)}`))
    },
    catch: storeError("move aside", path)
  }).pipe(Effect.catch((error) => (isNotFound(error) ? Effect.void : Effect.fail(error))))
