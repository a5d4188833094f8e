/**
 * A project's program: its `pipeline.config.ts` bundled with the command line, which Node loads several times faster than
 * the hundreds of sources one by one. The bundle lies in `node_modules/.cache/dermograph/program` and stands while every
 * file in it has the bytes that it was made of: a file whose times are as they were is not read.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import * as module from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/** A file changed this shortly before it was looked at may have changed again with the same times (nanoseconds). */
const resolution = 2_000_000_000n

export const digestOf = (bytes) => createHash("sha256").update(bytes).digest("hex")

/** Size, times and inode. */
export const statOf = (path) => {
  const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true })
  return { stat: [size, mtimeNs, ctimeNs, ino].map(String), changed: mtimeNs }
}

/** Whether a look at this time would see any change that comes after. */
export const isSettled = (changed, at) => changed + resolution < BigInt(at) * 1_000_000n

export const save = (path, text) => {
  const draft = `${path}.${process.pid}.tmp`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(draft, text)
  renameSync(draft, path)
}

const readIndex = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"))
  } catch {
    return undefined
  }
}

/**
 * The index as it stands after a look at every file: itself where no times changed, one with the new times where bytes
 * are the same. Undefined where the bundle is to be made anew.
 */
const looked = (root, index) => {
  if (index === undefined || index.node !== process.version || !existsSync(index.entry)) return undefined
  const at = Date.now()
  const files = {}
  let same = true
  for (const [file, known] of Object.entries(index.files)) {
    const path = join(root, file)
    const { stat, changed } = statOf(path)
    const unchanged = stat.every((value, place) => value === known.stat[place])
    if (unchanged && isSettled(changed, index.lookedAt)) {
      files[file] = known
      continue
    }
    if (known.digest !== digestOf(readFileSync(path))) return undefined
    files[file] = { digest: known.digest, stat }
    same = false
  }
  return same ? index : { ...index, lookedAt: at, files }
}

const current = (root, path) => {
  try {
    const index = readIndex(path)
    const seen = looked(root, index)
    if (seen !== undefined && seen !== index) save(path, JSON.stringify(seen))
    return seen
  } catch {
    return undefined
  }
}

const tellFailure = (error, configuration) => {
  const [first] = error.errors
  const place = first?.location ? `${first.location.file}:${first.location.line}` : configuration
  process.stderr.write(`error: ${place}: ${first?.text ?? error.message}\n  mend: correct that file\n`)
  process.exit(2)
}

/** V8 reads the map of every module that names one, where a loader such as tsx has asked for source maps. */
const mapping = /\n\/\/# sourceMappingURL=[^\n]*\s*$/

/** What is loaded is plain JavaScript: a loader that reads TypeScript would only take its time over it. */
const passLoadersBy = (folder) => {
  const program = pathToFileURL(folder).href
  module.registerHooks?.({
    resolve: (specifier, context, next) => {
      if (specifier.startsWith("node:")) return { url: specifier, format: "builtin", shortCircuit: true }
      const isOwn =
        specifier.startsWith(program) || (specifier.startsWith("./") && context.parentURL?.startsWith(program))
      if (!isOwn) return next(specifier, context)
      return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true }
    },
    load: (url, context, next) => {
      if (url.startsWith("node:")) return { format: "builtin", source: null, shortCircuit: true }
      if (!url.startsWith(program)) return next(url, context)
      const source = readFileSync(fileURLToPath(url), "utf8").replace(mapping, "")
      return { format: "module", source, shortCircuit: true }
    }
  })
}

/**
 * The address of the program of `configuration` in `root`, made where it is not there or not up to date. `loaders`: this
 * process was started with one for TypeScript, which is not to read the program. Ends this process with code 2 where a source cannot be read as TypeScript; throws where the bundle cannot be written.
 */
export const programOf = async (root, configuration, { loaders = false } = {}) => {
  const cache = join(root, "node_modules", ".cache", "dermograph", "program")
  const folder = join(cache, configuration)
  const path = join(folder, "index.json")
  module.enableCompileCache?.(join(cache, "v8"))
  const make = async () => {
    const { bundle } = await import("./bundle.mjs")
    try {
      const index = await bundle(root, configuration, folder)
      save(path, JSON.stringify(index))
      return index
    } catch (error) {
      if (Array.isArray(error.errors)) tellFailure(error, configuration)
      throw error
    }
  }
  const index = current(root, path) ?? (await make())
  if (loaders) passLoadersBy(folder)
  return pathToFileURL(index.entry).href
}
