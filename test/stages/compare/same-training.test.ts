import { assert, describe, it } from "@effect/vitest"
import type { Balance } from "../../../src/dataset/balance.ts"
import type { Comparison } from "../../../src/statistics/comparison-types.ts"
import { qualify, sameTraining } from "../../../stages/compare/same-training.ts"

const row = (id: string, label: 0 | 1, weight: number): Balance["rows"][number] => ({
  id,
  path: `${id}.png`,
  digest: id.repeat(64),
  origin: "real",
  label,
  group: `image:${id}`,
  weight
})

const balance = (strategy: Balance["strategy"], weights: readonly [number, number]): Balance => ({
  strategy,
  seed: 1,
  epochLength: 2,
  positiveWeight: 1,
  rows: [row("a", 0, weights[0]), row("b", 1, weights[1])],
  counts: { real: { benign: 1, melanoma: 1 }, synthetic: { benign: 0, melanoma: 0 } },
  trainedPrior: weights[1] / 2,
  naturalPrior: 0.5,
  provenance: { status: "none", trainedOn: 0, unknown: 0, copiesOfTrain: [], overrides: [] }
})

describe("an arm that trained on what the reference did", () => {
  const balances = {
    real: balance("none", [1, 1]),
    control: balance("class-balanced", [1, 1]),
    other: balance("oversample-to", [0.5, 1.5])
  }

  it("is named, and the others are not", () => {
    const notes = sameTraining([{ arm: "real" }, { arm: "control" }, { arm: "other" }], balances)
    assert.lengthOf(notes, 1)
    assert.match(notes[0]!.text, /^"control" trained on the same images as "real"/u)
    // Of a comparison only these two fields are read.
    const verdictOf = (arm: string) =>
      qualify({ verdict: { arm, sentence: "Equivalent." } } as unknown as Comparison, notes).verdict.sentence
    assert.strictEqual(verdictOf("control"), `Equivalent. ${notes[0]!.text}`)
    assert.strictEqual(verdictOf("other"), "Equivalent.")
  })

  it("is another where other blocks were frozen, or melanomas weigh more", () => {
    const arms = [
      { arm: "real", frozenLayers: 3 },
      { arm: "control", frozenLayers: 5 }
    ]
    assert.deepStrictEqual(sameTraining(arms, balances), [])
    const weighted = { ...balances, control: { ...balances.control, positiveWeight: 2 } }
    assert.deepStrictEqual(sameTraining([{ arm: "real" }, { arm: "control" }], weighted), [])
  })
})
