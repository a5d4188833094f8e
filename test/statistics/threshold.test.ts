import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { balancedAccuracy, confusionAt, f1, mcc, youdenThreshold } from "../../src/statistics/threshold.ts"
import { tiedScores } from "./samples.ts"

describe("counts at a threshold", () => {
  it("call positive what scores at least the threshold", () => {
    expect(confusionAt([1, 1, 0, 0, 0], [2, 0, 1, 0, -1], 1)).toEqual({ tp: 1, fp: 1, tn: 2, fn: 1 })
  })

  it("give balanced accuracy, F1 and MCC by hand", () => {
    const counts = { tp: 6, fp: 2, tn: 18, fn: 4 }
    expect(balancedAccuracy(counts)).toBeCloseTo((0.6 + 0.9) / 2, 14)
    expect(f1(counts)).toBeCloseTo(12 / 18, 14)
    expect(mcc(counts)).toBeCloseTo((6 * 18 - 2 * 4) / Math.sqrt(8 * 10 * 20 * 22), 14)
  })

  it("leave undefined what nothing defines", () => {
    expect(balancedAccuracy({ tp: 0, fp: 1, tn: 3, fn: 0 })).toBeNull()
    expect(f1({ tp: 0, fp: 0, tn: 3, fn: 0 })).toBeNull()
    expect(mcc({ tp: 3, fp: 2, tn: 0, fn: 0 })).toBeNull()
  })
})

describe("Youden's threshold", () => {
  it("lies midway between the scores that it separates", () => {
    expect(youdenThreshold([0, 0, 1, 1], [1, 2, 4, 5])).toBe(3)
  })

  it("takes the most sensitive of equally good ones", () => {
    // Calling the top one or the top three has J = 1/2 either way.
    expect(youdenThreshold([1, 0, 1, 0], [4, 3, 2, 1])).toBe(1.5)
  })

  it("is never beaten by another threshold", () => {
    fc.assert(
      fc.property(tiedScores(1), ({ labels, columns: [scores] }) => {
        const best = balancedAccuracy(confusionAt(labels, scores!, youdenThreshold(labels, scores!)))!
        for (const threshold of [...scores!, 100]) {
          expect(balancedAccuracy(confusionAt(labels, scores!, threshold))).toBeLessThanOrEqual(best + 1e-12)
        }
      })
    )
  })

  it("is probability one half with a single class", () => {
    expect(youdenThreshold([1, 1], [3, 4])).toBe(0)
  })
})
