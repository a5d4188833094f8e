/** From the image cell of a table to a file of the folder. Only listed files can be found: nothing outside is reachable. */
import type { FileEntry } from "./dataset.ts"
import { compareText } from "./dataset.ts"

/** Extensions of images, the preferred first where a name without extension fits several. */
export const imageExtensions = ["jpeg", "jpg", "png", "webp", "tif", "tiff", "bmp", "gif"]

const extensionOf = (path: string): string => /\.([A-Za-z0-9]{1,5})$/u.exec(path)?.[1]?.toLowerCase() ?? ""
export const isImagePath = (path: string): boolean => imageExtensions.includes(extensionOf(path))
export const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")))

/** The name without folders and image extension: "a/ISIC_1.jpg" → "ISIC_1". */
export const stemOf = (path: string): string => {
  const name = fileName(path)
  return isImagePath(name) ? name.slice(0, name.lastIndexOf(".")) : name
}

/** `cell` as a path inside the folder, with "." and ".." resolved against `base`; undefined where it points outside. */
export const insidePath = (cell: string, base = ""): string | undefined => {
  const path = cell.replaceAll("\\", "/")
  if (path.includes("\0") || path.startsWith("/") || /^[A-Za-z]+:/u.test(path) || path.startsWith("~")) return undefined
  const segments = base === "" ? [] : base.split("/")
  for (const segment of path.split("/")) {
    if (segment === "..") {
      if (segments.pop() === undefined) return undefined
    } else if (segment !== "" && segment !== ".") segments.push(segment)
  }
  return segments.join("/")
}

export type Resolved =
  | { readonly _tag: "Found"; readonly entry: FileEntry }
  | { readonly _tag: "Missing" }
  | { readonly _tag: "Outside" }
  | { readonly _tag: "Ambiguous"; readonly paths: ReadonlyArray<string> }

/**
 * A finder of images. A cell is tried as a path from the folder, as a path from the table's own folder, as the end of a
 * path, then as a name without extension (`.jpeg` before `.png`). Several files are no ambiguity when they are equal
 * byte for byte: the first by path is taken.
 */
export const imageFinder = (entries: ReadonlyArray<FileEntry>) => {
  const byPath = new Map<string, FileEntry>()
  const byName = new Map<string, Array<FileEntry>>()
  const byStem = new Map<string, Array<FileEntry>>()
  const add = (map: Map<string, Array<FileEntry>>, key: string, entry: FileEntry) => {
    const known = map.get(key)
    if (known === undefined) map.set(key, [entry])
    else known.push(entry)
  }
  for (const entry of entries) {
    byPath.set(entry.path, entry)
    add(byName, fileName(entry.path).toLowerCase(), entry)
    add(byStem, stemOf(entry.path).toLowerCase(), entry)
  }

  const choose = (candidates: ReadonlyArray<FileEntry>, path: string): Resolved | undefined => {
    const tail = path.toLowerCase()
    const fitting = candidates.filter(({ path: candidate }) => {
      const lower = candidate.toLowerCase()
      const bare = lower.slice(0, lower.length - extensionOf(lower).length - 1)
      return [lower, bare].some((one) => one === tail || one.endsWith(`/${tail}`))
    })
    const rank = (entry: FileEntry) => imageExtensions.indexOf(extensionOf(entry.path))
    const best = Math.min(...fitting.map(rank))
    const preferred = fitting.filter((entry) => rank(entry) === best).sort((a, b) => compareText(a.path, b.path))
    const [first] = preferred
    if (first === undefined) return undefined
    return preferred.every(({ digest }) => digest === first.digest)
      ? { _tag: "Found", entry: first }
      : { _tag: "Ambiguous", paths: preferred.map((entry) => entry.path) }
  }

  return (cell: string, tableFolder = ""): Resolved => {
    const fromRoot = insidePath(cell)
    const fromTable = insidePath(cell, tableFolder)
    const paths = [fromRoot, fromTable].filter((path) => path !== undefined && path !== "") as Array<string>
    if (fromRoot === undefined && fromTable === undefined) return { _tag: "Outside" }
    for (const path of paths) {
      const entry = byPath.get(path)
      if (entry !== undefined) return { _tag: "Found", entry }
    }
    for (const path of paths) {
      const name = fileName(path).toLowerCase()
      const found = choose(byName.get(name) ?? [], path) ?? choose(byStem.get(name) ?? [], path)
      if (found !== undefined) return found
    }
    return { _tag: "Missing" }
  }
}
export type ImageFinder = ReturnType<typeof imageFinder>
