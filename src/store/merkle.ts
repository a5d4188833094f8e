/**
 * Digests of folders, as a Merkle tree: a folder's digest is that of the names and digests of what lies in it, so a change
 * alters the digests of the folders on its way up to the root and no others.
 */
import { type Digest, digestOf } from "./digest.ts"
import type { FileEntry } from "./tree.ts"

export interface Folder {
  /** Of its files and folders, by their names: it does not hang on where the folder itself lies. */
  readonly digest: Digest
  /** Of its own files alone; undefined where it has none. */
  readonly files: Digest | undefined
}

/** How the root is called among the paths of its folders. */
export const rootFolder = "."

/**
 * The folders of a listing by path, the root among them. The listing is sorted by path, so what lies below one folder
 * stands together in it.
 */
export const foldersOf = (listing: ReadonlyArray<FileEntry>): ReadonlyMap<string, Folder> => {
  const folders = new Map<string, Folder>()
  let at = 0
  /** Takes what stands next in the listing and lies below `path`. */
  const take = (path: string, prefix: string): Digest => {
    let files = ""
    let below = ""
    for (let file = listing[at]; file?.path.startsWith(prefix); file = listing[at]) {
      const end = file.path.indexOf("/", prefix.length)
      const name = JSON.stringify(file.path.slice(prefix.length, end === -1 ? undefined : end))
      if (end === -1) {
        files += `${name} ${file.digest} ${file.size}\n`
        at++
      } else below += `${name} ${take(file.path.slice(0, end), file.path.slice(0, end + 1))}\n`
    }
    // No line is empty: the empty one tells where the folders begin.
    const digest = digestOf(`${files}\n${below}`)
    folders.set(path, { digest, files: files === "" ? undefined : digestOf(files) })
    return digest
  }
  take(rootFolder, "")
  return folders
}

/** Folder → digest of its own files, of those that have any: tells in which folder files changed. */
export const filesByFolder = (folders: ReadonlyMap<string, Folder>): Readonly<Record<string, Digest>> =>
  Object.fromEntries([...folders].flatMap(([path, { files }]) => (files === undefined ? [] : [[path, files]])))
