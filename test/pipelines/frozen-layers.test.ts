/** The sweep over frozen blocks, through the command line. */
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Made, makeNoiseSet, setting } from "./noise-set.ts"
import { copyProject, type Project } from "./project.ts"

const small = {
  "model.variant": "micro",
  "resize.side": 32,
  "augment.views": 1,
  "training.epochs": 1,
  "training.seeds": 1,
  "training.batchSize": 6,
  "compare.replicates": 100
}

describe("the sweep over frozen blocks", () => {
  let project: Project
  let data: Made
  beforeAll(async () => {
    project = copyProject()
    data = await makeNoiseSet(join(project.root, "noise"))
  })
  afterAll(() => project.remove())

  const sweep = (command: string, list: ReadonlyArray<number>, more: Readonly<Record<string, unknown>> = {}) => {
    const values = { ...small, "data.real": data.real, "model.frozenLayers": 3, "sweep.frozenLayers": list, ...more }
    return project.cli(command, "--pipeline", "frozen-layers", "--json", ...setting(values))
  }

  it("trains an arm a number on one set of rendered images, and has its table beside the published one", async () => {
    const { code, stdout, stderr } = await sweep("run", [6, 3])
    assert.strictEqual(code, 0, stderr)
    const { executed, report } = JSON.parse(stdout.trim().split("\n").at(-1)!)
    const training: ReadonlyArray<string> = executed.filter((node: string) => /^(resize|fine-tune)/u.test(node))
    assert.sameMembers(
      [...training],
      ["resize:real", "resize:evaluation", "fine-tune:frozen-3:1", "fine-tune:frozen-6:1"]
    )
    const { comparison, frozenLayers } = JSON.parse(readFileSync(join(dirname(report), "report.json"), "utf8"))
    assert.strictEqual(comparison.reference, "frozen-3")
    assert.deepStrictEqual(
      frozenLayers.map((row: { frozenLayers: number }) => row.frozenLayers),
      [3, 6]
    )
    const html = readFileSync(report, "utf8")
    assert.include(html, "here and as originally published")
    for (const row of ["22", "19", "18", "17", "6", "3"])
      assert.match(html, new RegExp(`scope="row"[^>]*>${row}<`, "u"))
  })

  it("trains only a number that is new, and none that a comparison has trained", async () => {
    const states = async (...args: ReadonlyArray<string>) => {
      const { stdout } = await project.cli("plan", "--json", ...args)
      const { nodes } = JSON.parse(stdout) as { nodes: ReadonlyArray<{ name: string; state: string }> }
      return Object.fromEntries(nodes.map(({ name, state }) => [name, state]))
    }
    const values = { ...small, "data.real": data.real, "model.frozenLayers": 3 }
    const more = await states("--pipeline", "frozen-layers", ...setting({ ...values, "sweep.frozenLayers": [6, 3, 1] }))
    assert.deepStrictEqual(
      [more["fine-tune:frozen-6:1"], more["fine-tune:frozen-3:1"], more["fine-tune:frozen-1:1"]],
      ["hit", "hit", "run"]
    )
    const compared = await states("--pipeline", "melanoma", ...setting(values))
    assert.strictEqual(compared["fine-tune:real:1"], "hit")
  })

  it("refuses what cannot be swept", async () => {
    const cases = [
      [await sweep("plan", [6, 99]), "sweep.frozenLayers: 99"],
      [await sweep("plan", [3]), "give two numbers or more"],
      [await sweep("plan", [3, 6], { "data.synthetic": data.synthetic }), "data.synthetic"]
    ] as const
    for (const [{ code, stderr, stdout }, words] of cases) {
      assert.strictEqual(code, 2, stderr)
      assert.include(stderr + stdout, words)
    }
  })
})
