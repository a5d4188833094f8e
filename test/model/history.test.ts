import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { rankAuc } from "../../src/model/auc.ts"
import { type EpochRecord, improvements, outcome } from "../../src/model/training/history.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { learningRateAt } from "../../src/model/training/schedule.ts"

const defaults = Schema.decodeUnknownSync(FineTuneOptions)({})
const history = (aucs: ReadonlyArray<number | null>): ReadonlyArray<EpochRecord> =>
  aucs.map((auc, i) => {
    const metrics = { loss: 1 - (auc ?? 0), accuracy: 0.5, auc }
    return { epoch: i + 1, learningRate: 1, train: metrics, validation: metrics }
  })
const Aucs = Schema.Array(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })))
const small = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }))

describe("early stopping", () => {
  it("counts from the last improvement, and returns to it", () => {
    const settings = { ...defaults, patience: 3, epochs: 50 }
    const records = history([0.6, 0.7, 0.69, 0.71, 0.7, 0.5, 0.6, 0.9])
    assert.deepStrictEqual(outcome(records, settings), { epochs: 7, best: 4, stoppedEarly: true })
    assert.isUndefined(outcome(records.slice(0, 6), settings))
    assert.deepStrictEqual(improvements(records, { monitor: "auc", minimumDelta: 0.05 }), [1, 2, 8])
    assert.deepStrictEqual(improvements(records, { monitor: "loss", minimumDelta: 0 }), [1, 2, 4, 8])
  })

  it.prop(
    "does not depend on what came after the end",
    [Aucs, Aucs, small, small],
    ([aucs, later, epochs, patience]) => {
      const settings = { ...defaults, epochs, patience }
      const end = outcome(history(aucs), settings)
      const longer = outcome(history([...aucs, ...later]), settings)
      if (end) assert.deepStrictEqual(longer, end)
      if (longer) assert.isAtMost(longer.best, longer.epochs)
    }
  )
})

describe("the learning rate", () => {
  it("halves at every plateau", () => {
    const settings = { ...defaults, learningRate: 8, plateauPatience: 2 }
    const rates = Array.from({ length: 8 }, (_, n) =>
      learningRateAt(history([0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.7]).slice(0, n), settings, n)
    )
    assert.deepStrictEqual(rates, [8, 8, 8, 8, 4, 4, 2, 2])
  })

  it("warms up, and falls along a cosine to nothing", () => {
    const settings = { ...defaults, learningRate: 2, schedule: "cosine", cosineEpochs: 10, warmUpEpochs: 2 } as const
    const at = (position: number) => learningRateAt([], settings, position)
    assert.strictEqual(at(0), 0)
    assert.isBelow(at(1), at(2))
    assert.closeTo(at(5), 1, 1e-12)
    assert.closeTo(at(10), 0, 1e-12)
    assert.closeTo(at(25), 0, 1e-12)
  })
})

describe("the area under the ROC curve", () => {
  it.prop("is the share of pairs in the right order, ties half", [Schema.Array(small), Schema.Int], ([scores, n]) => {
    const labels = scores.map((_, i) => ((i * 7 + Math.abs(n % 5)) % 3 === 0 ? 1 : 0))
    let [right, pairs] = [0, 0]
    for (const [i, positive] of scores.entries()) {
      for (const [j, negative] of scores.entries()) {
        if (labels[i] !== 1 || labels[j] !== 0) continue
        pairs++
        right += positive > negative ? 1 : positive === negative ? 0.5 : 0
      }
    }
    if (pairs === 0) assert.isNaN(rankAuc(scores, labels))
    else assert.closeTo(rankAuc(scores, labels), right / pairs, 1e-12)
  })
})
