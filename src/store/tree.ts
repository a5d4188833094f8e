/** The files of a folder, with their digests: how data from outside enters a key record. */
import { readdirSync, statSync } from "node:fs"
import * as fs from "node:fs/promises"
import { basename, dirname, join, resolve, sep } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Digest, digestOf } from "./digest.ts"
import { type StoreError, storeError } from "./error.ts"
import { type Folder, filesByFolder, foldersOf, rootFolder } from "./merkle.ts"
import { openStatIndex } from "./stat-index.ts"

/** A file: its path relative to the folder with "/" between names, SHA-256 of its bytes, its size in bytes. */
export const FileEntry = Schema.Struct({ path: Schema.String, digest: Schema.String, size: Schema.Int })
export type FileEntry = typeof FileEntry.Type

export interface Tree {
  /** Absolute path of the folder. */
  readonly root: string
  /** Sorted by path. */
  readonly files: ReadonlyArray<FileEntry>
  /** By path, with "." for the root. */
  readonly folders: ReadonlyMap<string, Folder>
  /** Folder → digest of its own files, of those that have any. */
  readonly filesByFolder: Readonly<Record<string, Digest>>
  /** That of the root folder. */
  readonly digest: Digest
  /** How many files were read, the others being as the stat index knew them. */
  readonly read: number
}

/** A source named in the configuration that is not there. */
export class SourceMissing extends Schema.TaggedError<SourceMissing>()("SourceMissing", {
  source: Schema.String,
  path: Schema.String
}) {
  override get message(): string {
    return `${this.source}: there is no file or folder ${this.path}\n  mend: correct the path (it is taken from the folder you start in)`
  }
}

/**
 * Paths of all files below `root`, hidden ones left out; links are followed to files, never to folders. At once: a trip
 * through Node's thread pool for each folder would cost several times the call.
 */
const listFiles = (root: string): Array<string> => {
  const found: Array<string> = []
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue
      const path = `${folder}${sep}${entry.name}`
      if (entry.isDirectory()) visit(path)
      else if (entry.isFile() || (entry.isSymbolicLink() && isFile(path))) found.push(path)
    }
  }
  visit(root.endsWith(sep) ? root.slice(0, -1) : root)
  return found
}

/** False too where a link leads nowhere. */
const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const toPosix = (path: string): string => (sep === "/" ? path : path.split(sep).join("/"))

/**
 * Lists and hashes a folder, or the folder around a single file (then only that file stands in the listing).
 * Unchanged files are not read (see stat-index).
 */
export const readTree = Effect.fnUntraced(function* (storeRoot: string, source: string, path: string) {
  const absolute = resolve(path)
  const stat = yield* Effect.tryPromise({ try: () => fs.stat(absolute), catch: storeError("read", absolute) }).pipe(
    Effect.mapError((error): StoreError | SourceMissing =>
      error.code === "ENOENT" || error.code === "ENOTDIR" ? new SourceMissing({ source, path: absolute }) : error
    )
  )
  const root = stat.isDirectory() ? absolute : dirname(absolute)
  const paths = stat.isDirectory()
    ? yield* Effect.try({ try: () => listFiles(absolute), catch: storeError("list", absolute) })
    : [join(root, basename(absolute))]
  const index = yield* openStatIndex(storeRoot, `tree-${digestOf(absolute).slice(0, 16)}`)
  const below = root.endsWith(sep) ? root.length : root.length + 1
  let read = 0
  const files = yield* Effect.forEach(
    paths,
    (file) =>
      index.digest(file).pipe(
        Effect.map((hashed): FileEntry => {
          if (hashed.read) read++
          return { path: toPosix(file.slice(below)), digest: hashed.digest, size: hashed.size }
        })
      ),
    { concurrency: 16 }
  )
  yield* index.flush
  const sorted = files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const folders = foldersOf(sorted)
  const { digest } = folders.get(rootFolder)!
  return { root, files: sorted, folders, filesByFolder: filesByFolder(folders), digest, read } satisfies Tree
})
