import { Schema } from "effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { evaluateBinary } from "../../src/statistics/evaluate.ts"
import { BinaryMetrics, type Label } from "../../src/statistics/types.ts"

const anyPredictions = fc
  .array(fc.record({ label: fc.constantFrom<Label>(0, 1), logit: fc.double({ noNaN: true, min: -50, max: 50 }) }), {
    minLength: 1,
    maxLength: 30
  })
  .map((rows) => ({ label: rows.map((row) => row.label), logit: rows.map((row) => row.logit) }))

describe("all measures of one model", () => {
  it("are finite or null, whatever the data: one row, one class, all tied, any threshold", () => {
    fc.assert(
      fc.property(anyPredictions, fc.double({ noNaN: true, min: -60, max: 60 }), (predictions, threshold) => {
        const metrics = evaluateBinary(predictions, threshold)
        expect(Schema.decodeUnknownSync(BinaryMetrics)(JSON.parse(JSON.stringify(metrics)))).toEqual(
          JSON.parse(JSON.stringify(metrics))
        )
      })
    )
  })

  it("agree with each other", () => {
    const metrics = evaluateBinary({ label: [0, 0, 1, 0, 1, 1], logit: [-2, -1, -0.5, 0.5, 1, 3] }, 0)
    expect(metrics.confusion).toEqual({ tp: 2, fp: 1, tn: 2, fn: 1 })
    expect(metrics).toMatchObject({ n: 6, positives: 3, balancedAccuracy: 2 / 3 })
    expect(metrics.accuracy.value).toBeCloseTo(4 / 6, 14)
    expect(metrics.sensitivity).toMatchObject({ successes: 2, trials: 3 })
    expect(metrics.specificity).toMatchObject({ successes: 2, trials: 3 })
    expect(metrics.auc!.value).toBeCloseTo(8 / 9, 14)
    expect(metrics.threshold).toEqual({ logit: 0, probability: 0.5 })
    expect(metrics.sensitivityAtSpecificity.map((point) => point.specificity)).toEqual([0.8, 0.9, 0.95])
    expect(metrics.specificityAtSensitivity[2]!.specificity).toBeCloseTo(2 / 3, 14)
    expect(metrics.reliability.reduce((count, bin) => count + bin.count, 0)).toBe(6)
  })

  it("rank by logits that differ only where the probability is rounded to 1", () => {
    expect(evaluateBinary({ label: [0, 1], logit: [50, 51] }, 0).auc!.value).toBe(1)
  })

  it("have no curve with a single class", () => {
    const metrics = evaluateBinary({ label: [0, 0], logit: [1, -1] }, 0)
    expect(metrics).toMatchObject({ auc: null, averagePrecision: null, sensitivity: null, roc: [], calibration: null })
    expect(metrics.specificity).toMatchObject({ successes: 1, trials: 2 })
  })
})
