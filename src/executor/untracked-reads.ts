/**
 * Reads behind the engine's back: a stage's file reads that no key knows of, so that a change of the file would run
 * nothing. Node's reading functions are wrapped before the stage's code is loaded, and paths are noted.
 *
 * Seen: `node:fs` and `node:fs/promises` in the process that does the work. Not seen: native code, other processes and
 * worker threads of a stage; the lint rules that keep `node:fs` out of stages hold there too.
 */
import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { join, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"
import type { Job } from "./executor.ts"

/** More paths than this are not told: they would all tell the same. */
const most = 100

/** The machine's own software and state: no data of a user's. */
const system = ["/proc", "/sys", "/usr", "/lib", "/lib64", "/etc"]

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep)

/** What a job may read: its store, its bundle, installed packages, and the files of the sources declared for it. */
const declaredBy = (job: Job): ((path: string) => boolean) => {
  const files = new Set<string>([resolve(job.bundle)])
  for (const tree of [...job.above, ...Object.values(job.sources)]) {
    for (const file of tree.files) files.add(join(tree.root, file.path))
  }
  const folders = [resolve(job.store), ...system]
  return (path) =>
    files.has(path) || path.includes(`${sep}node_modules${sep}`) || folders.some((folder) => isBelow(path, folder))
}

const pathOf = (argument: unknown): string | undefined => {
  if (typeof argument === "string") return resolve(argument)
  if (argument instanceof URL) return argument.protocol === "file:" ? fileURLToPath(argument) : undefined
  return Buffer.isBuffer(argument) ? resolve(argument.toString("utf8")) : undefined
}

/** Whether `open` with these flags can read. */
const reads = (flags: unknown): boolean => {
  if (typeof flags === "number")
    return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== fs.constants.O_WRONLY
  return typeof flags !== "string" || flags.includes("r") || flags.includes("+")
}

const whole = ["readFile", "readFileSync", "createReadStream", "readdir", "readdirSync", "opendir", "opendirSync"]
const opening = ["open", "openSync"]

type Functions = Record<string, (...args: ReadonlyArray<unknown>) => unknown>

/** Wraps Node's reading functions for the rest of this process. Returns the undeclared paths so far, sorted. */
export const watchReads = (job: Job): (() => ReadonlyArray<string>) => {
  const isDeclared = declaredBy(job)
  const found = new Set<string>()
  const note = (argument: unknown): void => {
    const path = pathOf(argument)
    if (path !== undefined && found.size < most && !isDeclared(path)) found.add(path)
  }
  const wrap = (functions: Functions, name: string, counts: (args: ReadonlyArray<unknown>) => boolean): void => {
    const original = functions[name]
    if (original === undefined) return
    const wrapped = function (this: unknown, ...args: ReadonlyArray<unknown>): unknown {
      if (counts(args)) note(args[0])
      return Reflect.apply(original, this, args)
    }
    // Some of them carry more than a call, such as the form for promisify.
    functions[name] = Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original))
  }
  for (const functions of [fs, fs.promises] as unknown as ReadonlyArray<Functions>) {
    for (const name of whole) wrap(functions, name, () => true)
    for (const name of opening) wrap(functions, name, (args) => typeof args[1] === "function" || reads(args[1]))
  }
  syncBuiltinESMExports()
  // A file that was looked for and is not there is mostly a library's search for its own settings.
  return () => [...found].filter((path) => fs.existsSync(path)).sort()
}
