/** docs/own-pipeline.md does what it says: its files are made from the page, its commands run, what they print compared. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { copyProject, type Project } from "../pipelines/project.ts"
import { filesOf, sessionOf } from "./blocks.ts"

const page = readFileSync(resolve("docs/own-pipeline.md"), "utf8")
const files = filesOf(page)
const bin = resolve("node_modules/.bin")

let project: Project
beforeAll(() => {
  project = copyProject()
  for (const [path, text] of files) {
    mkdirSync(dirname(join(project.root, path)), { recursive: true })
    writeFileSync(join(project.root, path), text)
  }
})
afterAll(() => project.remove())

describe("the pipeline of the page", () => {
  it("is as short as the page says", () => {
    const lines = [...files.values()].flatMap((text) => text.trimEnd().split("\n"))
    assert.isBelow(lines.length, 60)
    assert.include(
      page,
      `${["zero", "one", "two", "three"][files.size]} files, ${lines.filter((line) => line !== "").length} lines`
    )
  })

  it("compiles, and does not with an input of another type", () => {
    const config = { extends: "../tsconfig.json", include: ["."] }
    writeFileSync(join(project.root, "words/tsconfig.json"), JSON.stringify(config))
    const check = () => spawnSync(join(bin, "tsc"), ["-p", "words"], { cwd: project.root, encoding: "utf8" }).stdout
    assert.strictEqual(check(), "")
    project.edit("words/pipeline.config.ts", (text) =>
      text.replace("counts: countWords.node(", "counts: longest.node(")
    )
    assert.match(check(), /pipeline\.config\.ts/u)
    project.edit("words/pipeline.config.ts", (text) =>
      text.replace("counts: longest.node(", "counts: countWords.node(")
    )
  })

  it("runs what the page runs, and prints what it says", () => {
    const session = sessionOf(page)
    assert.isAtLeast(session.length, 5)
    for (const { command, prints } of session) {
      const printed = execFileSync("bash", ["-c", command], {
        cwd: project.root,
        encoding: "utf8",
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1" }
      }).split("\n")
      let from = 0
      for (const line of prints) {
        const at = printed.findIndex((candidate, index) => index >= from && candidate.startsWith(line))
        assert.isAtLeast(at, 0, `"${line}" of: ${command}\n${printed.join("\n")}`)
        from = at + 1
      }
      const started = (lines: ReadonlyArray<string>) =>
        lines.filter((line) => / started /u.test(line)).map((line) => line.split(":")[0])
      assert.deepStrictEqual(started(printed), started(prints), command)
    }
  })
})
