#!/usr/bin/env node
/** Starts the command line of the nearest `pipeline.config.ts`, as `npx tsx pipeline.config.ts` does, without npx and tsx. */
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { programOf } from "./program.mjs"

const configuration = "pipeline.config.ts"

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

const root = findRoot()
if (root === undefined) {
  process.stderr.write(
    `error: there is no ${configuration} in ${process.cwd()} or above it\n  mend: go to your project's folder\n`
  )
  process.exit(2)
}

process.title = "dermograph"
process.argv[1] = join(root, configuration)
await import(await programOf(root, configuration))
