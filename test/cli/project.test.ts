/** The commands about the project: its settings, its health. */
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { brokenAfterCommas } from "../../src/cli/commands/config.ts"
import { quickly, temporary } from "./program.ts"

describe("config show", () => {
  it("breaks a long value into lines that joined are the value", () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 60 })), (list) => {
        const text = JSON.stringify(list)
        const lines = brokenAfterCommas(text, 40)
        expect(lines.join("")).toBe(text)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
      })
    ))

  it("gives every setting, its value and where that comes from", async () => {
    const { path, remove } = temporary()
    const file = join(path, "settings.json")
    writeFileSync(file, '{ "$schema": "./x.json", "grow": { "steps": 7 } }')
    const { out } = await quickly("config", "show", "--json", "--config", file, "--set", "grow.factor=5")
    remove()
    expect(JSON.parse(out)).toEqual({
      pipeline: "numbers",
      settings: [
        { path: "data.folder", value: null, from: "default", description: "a folder of text files of numbers" },
        { path: "data.count", value: 3, from: "default", description: null },
        { path: "grow.factor", value: 5, from: "--set grow.factor=5", description: null },
        { path: "grow.steps", value: 7, from: file, description: null },
        { path: "grow.pause", value: 1, from: "default", description: null },
        { path: "grow.mode", value: "plain", from: "default", description: null }
      ]
    })
  })
})

describe("config schema", () => {
  it("is a JSON Schema that knows the settings and their bounds", async () => {
    const schema = JSON.parse((await quickly("config", "schema")).out)
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      additionalProperties: false,
      properties: {
        $schema: { type: "string" },
        data: { properties: { count: { type: "integer", minimum: 1, maximum: 1000 } } },
        grow: { properties: { mode: { enum: ["plain", "strange"] } } }
      }
    })
  })
})

describe("doctor", () => {
  it("looks at the machine, the store and what the project asks for", async () => {
    const { path, remove } = temporary()
    const { code, out } = await quickly("doctor", "--json", "--store", join(path, "none"))
    remove()
    const { findings } = JSON.parse(out)
    expect(code).toBe(0)
    expect(findings.map((finding: { name: string }) => finding.name)).toEqual([
      "node",
      "memory",
      "gpu",
      "disk",
      "store",
      "chromium",
      "numbers"
    ])
    expect(findings.at(-1)).toEqual({ name: "numbers", state: "good", detail: "there are enough" })
  })

  it("ends with 1 where something does not work, and says what would mend it", async () => {
    const { path, remove } = temporary()
    writeFileSync(join(path, "format"), "99\n")
    const { code, out } = await quickly("doctor", "--store", path)
    remove()
    expect(code).toBe(1)
    expect(out).toMatch(/✗ {2}store {3,}.*has format 99/u)
    expect(out).toMatch(/mend: update dermograph/u)
  })
})

describe("completions", () => {
  it.each(["bash", "zsh", "fish"])("for %s know the commands", async (shell) => {
    const { code, out } = await quickly("--completions", shell)
    expect(code).toBe(0)
    for (const command of ["run", "plan", "explain", "doctor"]) expect(out).toContain(command)
    expect(out).not.toContain("npx")
  })

  it("know values: pipelines, nodes, settings with their values or their default", async () => {
    const { path, remove } = temporary()
    const script = join(path, "completions.bash")
    writeFileSync(script, (await quickly("--completions", "bash")).out)
    /** What bash offers for the last of these words. */
    const offered = (...words: ReadonlyArray<string>) =>
      spawnSync(
        "bash",
        [
          "-c",
          `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}
           _dermograph dermograph "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"; printf '%s\n' "\${COMPREPLY[@]}"`,
          script,
          "dermograph",
          ...words
        ],
        { encoding: "utf8" }
      )
        .stdout.trim()
        .split("\n")
    expect(offered("run", "--pipeline", "b")).toEqual(["broken"])
    expect(offered("run", "--pipeline", "")).toContain("numbers")
    expect(offered("run", "--set", "grow.mode")).toEqual(["grow.mode=plain", "grow.mode=strange"])
    expect(offered("run", "--set", "grow.fa")).toEqual(["grow.factor=2"])
    expect(offered("run", "--force", "gr").sort()).toEqual(["grow:large", "grow:small"])
    expect(offered("explain", "ju")).toEqual(["judge"])
    expect(offered("run", "--verify", "al")).toEqual(["always"])
    remove()
  })
})
