import { assert, it } from "@effect/vitest"
import type { Dataset, Row } from "../../../src/dataset/dataset.ts"
import { leaksOf } from "../../../stages/compare/let-through.ts"
import { generatorOf } from "../../../stages/compare/summary.ts"

it("counts each image of a manifest once: those of this data set, and those that are not in it", () => {
  // Of the sets only these fields are read.
  const real = { rows: ["a.png", "b.png"].map((id) => ({ id }) as Row) } as unknown as Dataset
  const synthetic = (trainedOn: ReadonlyArray<string>) => ({ manifest: { trainedOn } }) as unknown as Dataset
  assert.deepStrictEqual(generatorOf(synthetic(["a.png", "a", "x.png", "x.png", "y"]), real), {
    trainedOn: ["a.png"],
    missing: 2
  })
})

it("counts each image that was let through once, however many arms it joined", () => {
  const overrides = [
    { rule: "generator-trained-outside-train" as const, rows: ["a", "b"] },
    { rule: "synthetic-copies-evaluation" as const, rows: ["s = a"] }
  ]
  assert.deepStrictEqual(leaksOf([{ overrides }, { overrides }, { overrides: [] }]), {
    leaked: ["a", "b"],
    copies: 1
  })
})
