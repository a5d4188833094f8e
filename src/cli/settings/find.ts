/** Finds the setting that a path names, or says which one may have been meant. */
import * as Result from "effect/Result"
import { nearest } from "../../dag/suggest.ts"
import { UnknownSetting } from "./errors.ts"
import { type Leaf, leavesOf, type Section } from "./tree.ts"

const below = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`)

/** Walks the names one by one, replacing each unknown one by the nearest. Undefined where none is near. */
const guess = (tree: Section | Leaf, names: ReadonlyArray<string>): string | undefined => {
  let at: Section | Leaf = tree
  let path = ""
  for (const name of names) {
    if (at._tag === "Leaf") return undefined
    const meant: string | undefined = at.fields.has(name) ? name : nearest(name, at.fields.keys())
    if (meant === undefined) return undefined
    path = below(path, meant)
    at = at.fields.get(meant)!
  }
  return path
}

/** A leaf by its own name, whatever section it was looked for in. */
const elsewhere = (tree: Section | Leaf, name: string): string | undefined => {
  const leaves = leavesOf(tree).map(([path]) => path)
  const last = new Map(leaves.map((path) => [path.split(".").at(-1)!, path]))
  const meant = last.has(name) ? name : nearest(name, last.keys())
  return meant === undefined ? undefined : last.get(meant)
}

/** The section that the first names reach, with the nearest for the unknown ones. */
const sectionNear = (tree: Section | Leaf, names: ReadonlyArray<string>): readonly [string, Section | Leaf] => {
  let at: Section | Leaf = tree
  let path = ""
  for (const name of names) {
    if (at._tag === "Leaf") break
    const meant: string | undefined = at.fields.has(name) ? name : nearest(name, at.fields.keys())
    const next: Section | Leaf | undefined = meant === undefined ? undefined : at.fields.get(meant)
    if (meant === undefined || next === undefined || next._tag === "Leaf") break
    path = below(path, meant)
    at = next
  }
  return [path, at]
}

const unknown = (tree: Section | Leaf, pipeline: string, from: string, path: string): UnknownSetting => {
  const names = path.split(".")
  const [section, near] = sectionNear(tree, names)
  const known = near._tag === "Section" ? [...near.fields.keys()] : []
  const whole = guess(tree, names) ?? elsewhere(tree, names.at(-1)!)
  const misspelt = section !== "" && names.slice(0, section.split(".").length).join(".") !== section
  const suggestion = whole ?? (misspelt ? `a setting of ${section}` : null)
  return new UnknownSetting({ from, path, pipeline, suggestion, known, section })
}

/** The part of the tree at `path`; below a record any name is known. */
export const find = (
  tree: Section | Leaf,
  pipeline: string,
  from: string,
  path: string
): Result.Result<Section | Leaf, UnknownSetting> => {
  let at: Section | Leaf = tree
  for (const name of path.split(".")) {
    const next: Section | Leaf | undefined = at._tag === "Leaf" ? (at.open ? at : undefined) : at.fields.get(name)
    if (next === undefined) return Result.fail(unknown(tree, pipeline, from, path))
    at = next
  }
  return Result.succeed(at)
}
