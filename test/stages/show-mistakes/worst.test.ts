import { assert, describe, it } from "@effect/vitest"
import type { Label } from "../../../src/statistics/types.ts"
import { worst } from "../../../stages/show-mistakes/worst.ts"

const run = (seed: number, threshold: number, rows: ReadonlyArray<readonly [string, Label, number]>) => ({
  name: `real:${seed}`,
  arm: "real",
  seed,
  threshold,
  predictions: {
    id: rows.map(([id]) => id),
    group: rows.map(([id]) => id),
    origin: rows.map(() => "real" as const),
    label: rows.map(([, label]) => label),
    logit: rows.map(([, , logit]) => logit)
  }
})

describe("the worst mistakes", () => {
  it("are measured from the run's own threshold, and name each image once, by the run that has it most wrong", () => {
    const found = worst([
      run(1, 1, [
        ["a", 1, 0.5],
        ["b", 0, 1.2],
        ["c", 0, 0.9]
      ]),
      run(2, -1, [
        ["a", 1, -4],
        ["b", 0, -0.9],
        ["c", 0, -2]
      ])
    ])
    assert.deepStrictEqual(
      found.map(({ id, seed, name }) => [id, seed, name]),
      [
        ["a", 2, "real:2"],
        ["b", 1, "real:1"]
      ]
    )
    assert.closeTo(found[0]!.probability, 1 / (1 + Math.exp(4)), 1e-12)
    assert.closeTo(found[0]!.threshold, 1 / (1 + Math.exp(1)), 1e-12)
  })

  it("are twelve at most, in an order that ties do not change", () => {
    const rows = Array.from({ length: 30 }, (_, at) => [`i${String(at).padStart(2, "0")}`, 1 as Label, -2] as const)
    const ids = worst([run(1, 0, rows.toReversed())]).map(({ id }) => id)
    assert.deepStrictEqual(
      ids,
      rows.slice(0, 12).map(([id]) => id)
    )
  })
})
