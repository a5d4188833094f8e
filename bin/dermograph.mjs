#!/usr/bin/env node
/**
 * Starts the command line of the nearest `pipeline.config.ts` quickly: from a bundle of it that is made when a file in
 * it has changed, and kept in `node_modules/.cache/dermograph/program`. `npx tsx pipeline.config.ts` does the same
 * without a bundle.
 */
import { existsSync, readFileSync, statSync } from "node:fs"
import * as module from "node:module"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"

const configuration = "pipeline.config.ts"
/** A file changed this shortly before it was bundled may have changed again with the same times (nanoseconds). */
const resolution = 2_000_000_000n

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `error: dermograph needs Node 22.19 or newer, this is ${process.versions.node}\n  mend: start it with npx, which takes the project's own Node\n`
  )
  process.exit(2)
}

/** The folder of the nearest configuration, from the current folder upwards. */
const findRoot = () => {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, configuration))) return folder
    if (dirname(folder) === folder) return undefined
  }
}

/** Whether every file is as it was when the bundle was made, and the bundle is there. */
const isFresh = (root, index) => {
  try {
    if (index.node !== process.version || !existsSync(index.entry)) return false
    const bundledAt = BigInt(index.bundledAt)
    return Object.entries(index.files).every(([file, known]) => {
      const stat = statSync(join(root, file), { bigint: true })
      const now = [stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino].map(String)
      return now.every((value, at) => value === known[at]) && stat.mtimeNs + resolution < bundledAt
    })
  } catch {
    return false
  }
}

const readIndex = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"))
  } catch {
    return undefined
  }
}

const root = findRoot()
if (root === undefined) {
  process.stderr.write(
    `error: there is no ${configuration} in ${process.cwd()} or above it\n  mend: go to your project's folder\n`
  )
  process.exit(2)
}

const folder = join(root, "node_modules", ".cache", "dermograph", "program")
module.enableCompileCache?.(join(folder, "v8"))
const known = readIndex(join(folder, "index.json"))

const bundleAnew = async () => {
  const { bundle } = await import("./bundle.mjs")
  try {
    return await bundle(root, configuration, folder)
  } catch (error) {
    const [first] = error.errors ?? []
    const place = first?.location ? `${first.location.file}:${first.location.line}` : configuration
    process.stderr.write(`error: ${place}: ${first?.text ?? error.message}\n  mend: correct that file\n`)
    process.exit(2)
  }
}

const index = known !== undefined && isFresh(root, known) ? known : await bundleAnew()

process.title = "dermograph"
process.argv[1] = join(root, configuration)
await import(pathToFileURL(index.entry).href)
