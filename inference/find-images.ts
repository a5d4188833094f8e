/** The images that a user names: files as they are, folders with all images in them. */
import { readdir, stat } from "node:fs/promises"
import { basename, join, relative, sep } from "node:path"
import * as Effect from "effect/Effect"
import { isImagePath } from "../src/dataset/paths.ts"
import { ModelFault } from "./fault.ts"

export interface NamedImage {
  /** Where it lies. */
  readonly path: string
  /** Its path inside the folder that was named, with "/"; of a single file, its name. */
  readonly name: string
}

const below = async (folder: string): Promise<ReadonlyArray<NamedImage>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && isImagePath(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, name: relative(folder, path).split(sep).join("/") }))
}

const imagesAt = Effect.fnUntraced(function* (path: string) {
  const fault = (what: string, mend: string) => new ModelFault({ place: path, fault: what, mend })
  const missing = () => fault("there is no such file or folder", "correct the path (it is taken from where you are)")
  const kind = yield* Effect.tryPromise({ try: () => stat(path), catch: missing })
  if (!kind.isDirectory()) return [{ path, name: basename(path) }]
  const found = yield* Effect.tryPromise({
    try: () => below(path),
    catch: (cause) => fault(cause instanceof Error ? cause.message : String(cause), "make the folder readable")
  })
  if (found.length === 0)
    return yield* fault("no image is in this folder", "name a folder with JPEG, PNG, WebP or TIFF")
  return found
})

/** In the order of the paths, each folder's sorted. */
export const findImages = (paths: ReadonlyArray<string>) =>
  Effect.map(Effect.forEach(paths, imagesAt), (found) => found.flat())
