/** A copy of this project that a test may edit, and its command line as a user runs it: in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { StageProgress } from "../../src/dag/services.ts"

const root = resolve(import.meta.dirname, "../..")
const parts = [
  "src",
  "stages",
  "pipelines",
  "inference",
  "bin",
  "pipeline.config.ts",
  "package.json",
  "package-lock.json",
  "tsconfig.json"
]

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Project {
  readonly root: string
  readonly store: string
  readonly start: (...args: ReadonlyArray<string>) => ChildProcess
  /** The same through `bin/dermograph.mjs`: one process, which starts quickly. */
  readonly startQuickly: (...args: ReadonlyArray<string>) => ChildProcess
  readonly cli: (...args: ReadonlyArray<string>) => Promise<Finished>
  /** `run --json` with these arguments: the last event. */
  readonly run: (...args: ReadonlyArray<string>) => Promise<RunFinished>
  readonly plan: (...args: ReadonlyArray<string>) => Promise<Readonly<Record<string, string>>>
  readonly edit: (path: string, change: (text: string) => string) => void
  readonly remove: () => void
}

export interface RunFinished {
  readonly executed: ReadonlyArray<string>
  readonly hits: ReadonlyArray<string>
  readonly failed: ReadonlyArray<string>
  readonly outputs: Readonly<Record<string, string>>
  readonly verdict: string | null
  readonly report: string | null
  readonly events: ReadonlyArray<{
    readonly _tag: string
    readonly node?: string
    readonly progress?: StageProgress
  }>
}

export const finished = (child: ChildProcess): Promise<Finished> =>
  new Promise((done) => {
    let stdout = ""
    let stderr = ""
    child.stdout?.on("data", (text: Buffer) => (stdout += text))
    child.stderr?.on("data", (text: Buffer) => (stderr += text))
    child.once("close", (code) => done({ code, stdout, stderr }))
  })

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .filter((line) => line !== "")

/** A folder of links, so that each copy keeps its bundles to itself. */
const linkPackages = (copy: string): void => {
  mkdirSync(join(copy, "node_modules"))
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== ".cache") symlinkSync(join(root, "node_modules", name), join(copy, "node_modules", name))
  }
}

export const copyProject = (): Project => {
  const copy = mkdtempSync(join(tmpdir(), "dermograph-project-"))
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true })
  linkPackages(copy)
  const store = join(copy, "cache")
  const startWith =
    (...program: ReadonlyArray<string>) =>
    (...args: ReadonlyArray<string>) =>
      spawn(process.execPath, [...program, ...args], {
        cwd: copy,
        stdio: ["ignore", "pipe", "pipe"],
        // A group of its own, so that a test can kill the loader, the run and its workers at one blow.
        detached: true
      })
  const start = startWith(join(root, "node_modules/tsx/dist/cli.mjs"), "pipeline.config.ts")
  const cli = (...args: ReadonlyArray<string>) => finished(start(...args))
  return {
    root: copy,
    store,
    start,
    startQuickly: startWith("bin/dermograph.mjs"),
    cli,
    run: async (...args) => {
      const { code, stdout, stderr } = await cli("run", "--pipeline", "fixture", "--json", ...args)
      if (code !== 0) throw new Error(`exit ${code}\n${stderr}\n${stdout.slice(-2000)}`)
      const events = lines(stdout).map((line) => JSON.parse(line))
      return { ...events.at(-1), events }
    },
    plan: async (...args) => {
      const { stdout } = await cli("plan", "--pipeline", "fixture", "--json", ...args)
      const { nodes } = JSON.parse(stdout) as { nodes: ReadonlyArray<{ name: string; state: string }> }
      return Object.fromEntries(nodes.map(({ name, state }) => [name, state]))
    },
    edit: (path, change) => {
      const file = join(copy, path)
      writeFileSync(file, change(readFileSync(file, "utf8")))
    },
    remove: () => rmSync(copy, { recursive: true, force: true })
  }
}

/** The stages of the nodes, each once, in order. */
export const stagesOf = (nodes: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(nodes.map((node) => node.split(":")[0]!))
]
