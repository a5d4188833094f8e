/** The dependency arrows of the design, and what a stage may not touch: each is refused by `npm run check`. */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"

const root = resolve(import.meta.dirname, "..")

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dermograph-lint-"))
  for (const part of ["biome.json", "lint"]) cpSync(join(root, part), join(folder, part), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the linter says of a text, were it the file at `path`. */
const complaints = (path: string, text: string): string => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
  const { stdout, stderr } = spawnSync(
    join(root, "node_modules/.bin/biome"),
    ["lint", "--colors=off", "--vcs-enabled=false", path],
    { cwd: folder, encoding: "utf8" }
  )
  return stdout + stderr
}

const refused: ReadonlyArray<readonly [string, string, string]> = [
  ["the framework imports a room", "src/dag/x.ts", `export { a } from "../image/a.ts"`],
  ["the store imports a room", "src/store/x.ts", `export { a } from "../model/a.ts"`],
  ["a room imports one to its right", "src/dataset/x.ts", `export { a } from "../statistics/a.ts"`],
  ["a room imports the engine", "src/model/x.ts", `export { a } from "../dag/a.ts"`],
  ["the source imports a stage", "src/report/x.ts", `export { a } from "../../stages/a.ts"`],
  ["the command line imports a room", "src/cli/x.ts", `export { a } from "../dataset/a.ts"`],
  ["a stage reads a file", "stages/x.ts", `export { readFileSync } from "node:fs"`],
  ["a stage reads the environment", "stages/x.ts", "export const a = process.env.HOME"],
  ["a stage reads the clock", "src/image/x.ts", "export const a = Date.now()"],
  ["a stage draws without a key", "src/image/x.ts", "export const a = Math.random()"],
  ["a stage imports what cannot be followed", "stages/x.ts", "export const a = (path: string) => import(path)"]
]

describe("the linter refuses that", () => {
  for (const [what, path, text] of refused) {
    it(what, () => assert.match(complaints(path, `${text}\n`), /noRestricted|noProcessEnv|plugin/u))
  }
})

it("and lets the allowed direction pass", () => {
  assert.notMatch(complaints("src/statistics/x.ts", `export { a } from "../model/a.ts"\n`), /noRestricted/u)
  assert.notMatch(complaints("stages/x.ts", `export { a } from "../src/report/a.ts"\n`), /noRestricted/u)
})
