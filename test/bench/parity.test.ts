/** The command by which anyone can hold this project's numbers against its peers'. */
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { temporaryFolder } from "../dag/harness.ts"

const root = resolve(import.meta.dirname, "../..")
const fixture = (name: string) => join(root, "test/fixtures", name)

const parity = (...args: ReadonlyArray<string>) => {
  const command = [join(root, "node_modules/tsx/dist/cli.mjs"), join(root, "bench/parity.ts"), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" })
  const lines = stdout.split("\n").filter((line) => line !== "")
  return { status, stderr, lines: lines.map((line): { quantity: string; pass: boolean } => JSON.parse(line)) }
}

describe("npm run parity", () => {
  for (const [what, path, least] of [
    ["efficientnet", fixture("model/efficientnet-micro"), 100],
    ["roc", fixture("statistics/roc.json"), 11],
    ["augment", fixture("image"), 18]
  ] as const) {
    it(`${what} prints a line for each quantity, all within their tolerance`, () => {
      const { status, lines, stderr } = parity(what, path)
      assert.strictEqual(status, 0, stderr)
      assert.isAtLeast(lines.length, least)
      for (const line of lines) assert.containsAllKeys(line, ["quantity", "error", "tolerance", "pass"])
    })
  }

  it("exits with 1 and says which quantity is over its tolerance", () => {
    const folder = temporaryFolder()
    const altered = join(folder.path, "roc.json")
    writeFileSync(altered, readFileSync(fixture("statistics/roc.json"), "utf8").replace(/"aucA":0\.\d+/u, '"aucA":0.5'))
    const { status, lines } = parity("roc", altered)
    folder.remove()
    assert.strictEqual(status, 1)
    assert.deepStrictEqual(
      lines.filter((line) => line.pass === false).map((line) => line.quantity),
      ["aucA"]
    )
  })

  it("exits with 2 where it cannot be asked so, or there is no such file", () => {
    for (const args of [
      [],
      ["roc"],
      ["wrong", "x"],
      ["roc", "a", "b"],
      ["roc", "/no/such.json"],
      ["augment", "/no/such"]
    ]) {
      const { status, stderr, lines } = parity(...args)
      assert.deepStrictEqual([status, lines], [2, []], args.join(" "))
      assert.isNotEmpty(stderr)
    }
  })
})
