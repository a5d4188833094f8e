/** `bin/dermograph.mjs`: the same program from a bundle, made anew only when a file of it has changed. */
import { spawn } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { copyProject, finished, type Project } from "../pipelines/project.ts"
import { type Ended, ended, jsonLines } from "./program.ts"

const bin = resolve("node_modules/.bin")

// A copy of the fixture beside it, since its files are changed; packages and src are found from there as well.
let project: string
beforeAll(() => {
  project = mkdtempSync(resolve("test/fixtures/cli-bin-"))
  cpSync(resolve("test/fixtures/cli"), project, {
    recursive: true,
    filter: (path) => !path.includes("node_modules") && !path.includes("cache")
  })
  age()
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** Files just written are not trusted to be what they were: makes them an hour old. */
const age = () => {
  const past = new Date(Date.now() - 3_600_000)
  for (const file of readdirSync(project, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".ts")) utimesSync(join(project, file), past, past)
  }
}

const program = join("node_modules", ".cache", "dermograph", "program", "pipeline.config.ts")
const bundles = () => readdirSync(join(project, program)).filter((name) => /^\d+-\d+$/u.test(name))

const dermograph = (...args: ReadonlyArray<string>): Promise<Ended> =>
  ended(
    spawn(join(bin, "node"), [resolve("bin/dermograph.mjs"), ...args], {
      cwd: project,
      env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", FORCE_COLOR: undefined },
      stdio: ["ignore", "pipe", "pipe"]
    })
  )

describe("the bin", () => {
  it("runs the nearest configuration, its stages named by their sources", async () => {
    const first = await dermograph("run", "--json")
    expect(first.err).toBe("")
    expect(jsonLines(first.out).at(-1)).toMatchObject({ executed: ["gather", "grow:small", "grow:large", "judge"] })
    expect(existsSync(join(project, "cache", "reports", "numbers", "latest", "report.txt"))).toBe(true)
    expect(bundles()).toHaveLength(1)
  })

  it("takes the bundle as it is while nothing changes, and hits what tsx has run", async () => {
    const before = bundles()
    const again = await dermograph("run", "--json")
    expect(jsonLines(again.out).at(-1)).toMatchObject({ executed: [] })
    expect(bundles()).toEqual(before)
  })

  it("takes it where a file has other times and the same bytes", async () => {
    const before = bundles()
    utimesSync(join(project, "lib", "scale.ts"), new Date(), new Date())
    expect((await dermograph("help")).code).toBe(0)
    expect(bundles()).toEqual(before)
  })

  it("is called dermograph in its help", async () => {
    expect((await dermograph("help")).out).toContain("dermograph <subcommand>")
  })

  it("sees a change of any file of it", async () => {
    const helper = join(project, "lib", "scale.ts")
    writeFileSync(helper, readFileSync(helper, "utf8").replace("value * factor", "value * factor + 1"))
    const plan = JSON.parse((await dermograph("plan", "--json")).out)
    expect(plan.nodes.map((node: { state: string }) => node.state)).toEqual(["hit", "run", "run", "unknown"])
    expect(plan.nodes[1].reasons).toMatchObject([{ _tag: "CodeChanged", files: ["lib/scale.ts"] }])
    expect(bundles()).toHaveLength(2)
  })

  it("says where the code is wrong", async () => {
    writeFileSync(join(project, "lib", "scale.ts"), "export const scale = (\n")
    const end = await dermograph("plan")
    expect(end.code).toBe(2)
    expect(end.err).toMatch(/^error: lib\/scale\.ts:\d+: /u)
    expect(end.err).toContain("mend: ")
  })
})

describe("npx tsx pipeline.config.ts", () => {
  const tsx = (copy: Project, ...args: ReadonlyArray<string>) => copy.cli(...args)
  const bundlesOf = ({ root }: Project) => readdirSync(join(root, program)).filter((name) => /^\d+-\d+$/u.test(name))

  it("starts from the bundle that the bin starts from, and without one where none can be kept", async () => {
    const copy = copyProject()
    try {
      const help = await tsx(copy, "help")
      expect(help.stdout).toContain("npx tsx pipeline.config.ts <subcommand>")
      expect(bundlesOf(copy)).toHaveLength(1)
      expect((await finished(copy.startQuickly("help"))).stdout).toContain("dermograph <subcommand>")
      copy.edit("src/cli/tree/shared.ts", (text) => text.replace("One JSON object", "A single JSON object"))
      expect((await tsx(copy, "plan", "--help")).stdout).toContain("A single JSON object")
      expect(bundlesOf(copy)).toHaveLength(2)
      rmSync(join(copy.root, "node_modules", ".cache"), { recursive: true })
      writeFileSync(join(copy.root, "node_modules", ".cache"), "a file in the way")
      const without = await tsx(copy, "help")
      expect(without.stdout).toEqual(help.stdout)
    } finally {
      copy.remove()
    }
  })
})
