/** Every way to call the program wrongly: its exit code and its words. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { quickly, temporary } from "./program.ts"

const folder = temporary()
const store = join(folder.path, "store")
const used = join(folder.path, "used")
beforeAll(async () => {
  writeFileSync(join(folder.path, "file"), "")
  writeFileSync(join(folder.path, "list.json"), "[1]")
  writeFileSync(join(folder.path, "typo.json"), '{ "grow": { "facter": 3 } }')
  writeFileSync(join(folder.path, "wrong.json"), '{ "grow": { "steps": "many" } }')
  writeFileSync(join(folder.path, "torn.json"), '{ "grow": ')
  // A store with one run, in which nothing was trained.
  await quickly("run", "--store", used)
})
afterAll(folder.remove)

/** [title, arguments, exit code]; {folder} is a temporary folder. */
const catalogue: ReadonlyArray<readonly [string, ReadonlyArray<string>, number]> = [
  ["an unknown command", ["rnu"], 2],
  ["an unknown flag", ["run", "--jsn"], 2],
  ["an unknown flag, twice", ["explain", "judge", "--jsn", "--jsn"], 2],
  ["a flag without its value", ["run", "--set"], 2],
  ["a missing argument", ["explain"], 2],
  ["one argument too many", ["plan", "extra"], 2],
  ["no concurrency", ["run", "--concurrency", "0"], 2],
  ["an unknown pipeline", ["run", "--pipeline", "nubmers"], 2],
  ["a setting without value", ["run", "--set", "grow.factor"], 2],
  ["a misspelt section", ["run", "--set", "gorw.factor=3"], 2],
  ["a misspelt section and nothing like it in it", ["plan", "--set", "gorw.x=3"], 2],
  ["a misspelt setting", ["run", "--set", "grow.fcator=3"], 2],
  ["a setting without its section", ["plan", "--set", "factor=3"], 2],
  ["a setting below a setting", ["plan", "--set", "grow.factor.x=3"], 2],
  ["an unknown setting within a JSON section", ["run", "--set", 'grow={"fctor":3}'], 2],
  ["text for a number", ["run", "--set", "grow.factor=abc"], 2],
  ["a number out of bounds", ["run", "--set", "data.count=5000"], 2],
  ["none of the possible values", ["run", "--set", "grow.mode=odd"], 2],
  ["a setting that the pipeline refuses", ["run", "--set", "grow.mode=strange"], 2],
  ["a missing setting", ["run", "--pipeline", "demanding"], 2],
  ["two nodes of one name", ["plan", "--pipeline", "broken"], 2],
  ["a missing folder", ["run", "--set", "data.folder={folder}/nowhere"], 2],
  ["a missing folder, planned", ["plan", "--set", "data.folder={folder}/nowhere"], 2],
  ["an unknown node", ["explain", "grwo:small"], 2],
  ["a stage of several nodes", ["explain", "grow"], 2],
  ["a store that is a file", ["run", "--store", "{folder}/file"], 2],
  ["a configuration file that is not there", ["run", "--config", "{folder}/none.json"], 2],
  ["a configuration file that holds no object", ["run", "--config", "{folder}/list.json"], 2],
  ["a misspelt setting in a configuration file", ["run", "--config", "{folder}/typo.json"], 2],
  ["a wrong value in a configuration file", ["run", "--config", "{folder}/wrong.json"], 2],
  ["a configuration file that is no JSON", ["run", "--config", "{folder}/torn.json"], 2],
  ["text for a count", ["run", "--concurrency", "two"], 2],
  ["a command of two words with the second wrong", ["store", "chekc"], 2],
  ["a build that throws", ["plan", "--pipeline", "thrown"], 2],
  ["parameters that do not fit", ["plan", "--pipeline", "unfit"], 2],
  ["a stage that its module does not export, planned", ["plan", "--pipeline", "misnamed", "--store", "{folder}/a"], 2],
  ["a selection of nothing", ["run", "--only", "grwo:*", "--store", "{folder}/b"], 2],
  ["a selection above which nothing was made", ["run", "--only", "judge", "--store", "{folder}/c"], 2],
  ["an unknown node to verify", ["verify", "jugde", "--store", "{folder}/used"], 2],
  ["a pipeline without data", ["data", "--store", "{folder}/used"], 2],
  ["no store to list", ["runs", "--store", "{folder}/nowhere"], 2],
  ["no store to compare in", ["diff", "previous", "last", "--store", "{folder}/nowhere"], 2],
  ["no store to clean", ["gc", "--store", "{folder}/nowhere"], 2],
  ["no store to check", ["store", "check", "--store", "{folder}/nowhere"], 2],
  ["an unknown run", ["diff", "19990101", "last", "--store", "{folder}/used"], 2],
  ["no previous run", ["diff", "previous", "last", "--store", "{folder}/used"], 2],
  ["an unknown run to explain against", ["explain", "judge", "--against", "x", "--store", "{folder}/used"], 2],
  ["an unknown run to keep", ["gc", "--keep", "x", "--store", "{folder}/used"], 2],
  ["fewer than no runs to keep", ["gc", "--keep-last", "-1"], 2],
  ["nothing to predict", ["predict"], 2],
  ["no store to predict from", ["predict", "x.png", "--store", "{folder}/nowhere"], 2],
  ["a store without a trained network", ["predict", "x.png", "--store", "{folder}/used"], 2],
  ["a run without a trained network", ["predict", "x.png", "--run", "last", "--store", "{folder}/used"], 2],
  ["an unknown format", ["export", "txet", "--to", "x"], 2],
  ["an export to nowhere", ["export", "text"], 2],
  ["an unknown shell", ["--completions", "csh"], 2],
  ["a stage that fails", ["run", "--set", "grow.factor=11"], 1],
  ["a stage that its module does not export", ["run", "--pipeline", "misnamed"], 1],
  ["a stage whose process ends", ["run", "--pipeline", "deadly"], 1]
]

/** Without what is other in every run: the folder, the names of runs. */
const worded = (text: string): string =>
  text.replaceAll(folder.path, "{folder}").replace(/\d{8}-\d{6}-[0-9a-f]{5}/gu, "{run}")

describe("the error catalogue", () => {
  it.for(catalogue)("%s", { concurrent: true }, async ([, args, code], { expect }) => {
    const real = args.map((arg) => arg.replace("{folder}", folder.path))
    const end = await quickly(...real, ...(args.includes("--store") ? [] : code === 1 ? ["--store", store] : []))
    expect(end.code).toBe(code)
    expect(end.err.split("\n").length).toBeLessThan(24)
    expect(end.err).not.toMatch(/^\s+at /mu)
    expect(end.err).toMatch(/mend: /u)
    if (code === 2) expect(end.out).toBe("")
    expect(worded(end.err)).toMatchSnapshot()
  })

  it("a store of a newer version", async () => {
    const { path, remove } = temporary()
    writeFileSync(join(path, "format"), "99\n")
    const end = await quickly("plan", "--store", path)
    remove()
    expect(end.code).toBe(2)
    expect(end.err.replaceAll(path, "{store}")).toMatchSnapshot()
  })

  it("shows a stack only when asked", async () => {
    const end = await quickly("plan", "--pipeline", "broken", "--debug")
    expect(end.code).toBe(2)
    expect(end.err).toMatch(/^\s+at /mu)
  })
})
