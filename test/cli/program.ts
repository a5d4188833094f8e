/** Runs the real program with the fixture's configuration, as a user would. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"

const bin = resolve("node_modules/.bin")
export const configuration = resolve("test/fixtures/cli/pipeline.config.ts")

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const options = {
  env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, NODE_OPTIONS: "", NO_COLOR: "1", FORCE_COLOR: undefined },
  stdio: ["ignore", "pipe", "pipe"]
} satisfies SpawnOptions

export const launch = (args: ReadonlyArray<string>): ChildProcess =>
  spawn(join(bin, "tsx"), [configuration, ...args], options)

/** Without the process of `tsx` between: that one kills a program that does not hear a signal within 30 ms. */
export const launchAlone = (args: ReadonlyArray<string>): ChildProcess =>
  spawn(process.execPath, ["--import", "tsx", configuration, ...args], options)

export const ended = (child: ChildProcess): Promise<Ended> =>
  new Promise((done, fail) => {
    let out = ""
    let err = ""
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text))
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text))
    child.once("error", fail)
    child.once("close", (code) => done({ code, out, err }))
  })

export const dermograph = (...args: ReadonlyArray<string>): Promise<Ended> => ended(launch(args))

/** The same through `bin/dermograph.mjs`, which starts several times faster. For tests that call often. */
export const quickly = (...args: ReadonlyArray<string>): Promise<Ended> => quicklyIn({}, ...args)

/** With more variables in its environment. */
export const quicklyIn = (env: Readonly<Record<string, string>>, ...args: ReadonlyArray<string>): Promise<Ended> =>
  ended(
    spawn(join(bin, "node"), [resolve("bin/dermograph.mjs"), ...args], {
      ...options,
      env: { ...options.env, ...env },
      cwd: dirname(configuration)
    })
  )

export const temporary = () => {
  const path = mkdtempSync(join(tmpdir(), "dermograph-cli-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export const jsonLines = (out: string): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
