/** What the lock file says of the packages that a bundle reaches: version and integrity, transitively. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const Names = Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
const LockEntry = Schema.Struct({
  version: Schema.optionalKey(Schema.String),
  integrity: Schema.optionalKey(Schema.String),
  dependencies: Names,
  optionalDependencies: Names,
  peerDependencies: Names
})
type LockEntry = typeof LockEntry.Type
const LockFile = Schema.fromJsonString(Schema.Struct({ packages: Schema.Record(Schema.String, LockEntry) }))

export type LockedPackages = Readonly<Record<string, LockEntry>>

/** The `packages` table of `package-lock.json` in `root`; empty where there is none that can be read. */
export const readLockFile = (root: string): LockedPackages => {
  try {
    const decoded = Schema.decodeUnknownOption(LockFile)(readFileSync(join(root, "package-lock.json"), "utf8"))
    return Option.isSome(decoded) ? decoded.value.packages : {}
  } catch {
    return {}
  }
}

/** "@scope/name" or "name" of an import specifier. */
export const packageName = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** Node's resolution on the lock file's paths: the nearest node_modules upward. */
const resolveFrom = (lock: LockedPackages, from: string, name: string): string | undefined => {
  let base = from
  for (;;) {
    const path = base === "" ? `node_modules/${name}` : `${base}/node_modules/${name}`
    if (lock[path] !== undefined) return path
    if (base === "") return undefined
    const parent = base.lastIndexOf("/node_modules/")
    base = parent === -1 ? "" : base.slice(0, parent)
  }
}

/** Lock-file path → "version integrity" of the named packages and all that they need. */
export const packageClosure = (lock: LockedPackages, names: Iterable<string>): Record<string, string> => {
  const closure: Record<string, string> = {}
  const visit = (path: string): void => {
    const key = path.replace(/^node_modules\//u, "")
    if (closure[key] !== undefined) return
    const entry = lock[path]!
    closure[key] = `${entry.version ?? "?"} ${entry.integrity ?? "unlocked"}`
    const needs = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies }
    for (const name of Object.keys(needs)) {
      const found = resolveFrom(lock, path, name)
      if (found !== undefined) visit(found)
    }
  }
  for (const name of names) {
    const found = resolveFrom(lock, "", name)
    if (found === undefined) closure[name] = "unlocked"
    else visit(found)
  }
  return closure
}
