import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { auc, delongCovariance, delongVariance, pairedDeLong, placements } from "../../src/statistics/delong.ts"
import type { Label } from "../../src/statistics/types.ts"
import { naiveDeLong, tiedScores } from "./samples.ts"

describe("the fast mid-rank form", () => {
  it("equals the definition on data with ties", () => {
    fc.assert(
      fc.property(tiedScores(2), ({ labels, columns }) => {
        const naive = naiveDeLong(labels, columns)
        const [a, b] = columns.map((scores) => placements(labels, scores))
        expect(a!.auc).toBeCloseTo(naive.aucs[0]!, 12)
        expect(delongVariance(a!)).toBeCloseTo(naive.covariance(0, 0), 12)
        expect(delongCovariance(a!, b!)).toBeCloseTo(naive.covariance(0, 1), 12)
        const pair = pairedDeLong(labels, columns[0]!, columns[1]!)!
        const square = naive.covariance(0, 0) + naive.covariance(1, 1) - 2 * naive.covariance(0, 1)
        expect(pair.se! ** 2).toBeCloseTo(square, 12)
      })
    )
  })

  it("keeps AUC and variance under any increasing transform of the scores", () => {
    fc.assert(
      fc.property(tiedScores(1), ({ labels, columns: [scores] }) => {
        const moved = scores!.map((s) => Math.exp(s) * 3 - 7)
        expect(auc(labels, moved)).toEqual(auc(labels, scores!))
      })
    )
  })

  it("mirrors the AUC and keeps the variance when the labels are swapped", () => {
    fc.assert(
      fc.property(tiedScores(1), ({ labels, columns: [scores] }) => {
        const swapped = labels.map((label): Label => (label === 1 ? 0 : 1))
        const [a, b] = [auc(labels, scores!)!, auc(swapped, scores!)!]
        expect(b.value).toBeCloseTo(1 - a.value, 12)
        expect(b.variance).toBeCloseTo(a.variance!, 12)
      })
    )
  })

  it("does not depend on the order of the rows", () => {
    fc.assert(
      fc.property(tiedScores(2), ({ labels, columns: [a, b] }) => {
        const back = <A>(values: ReadonlyArray<A>) => values.toReversed()
        const [forth, reversed] = [pairedDeLong(labels, a!, b!)!, pairedDeLong(back(labels), back(a!), back(b!))!]
        expect(reversed.delta).toBeCloseTo(forth.delta, 12)
        expect(reversed.se).toBeCloseTo(forth.se!, 12)
      })
    )
  })
})

describe("known cases", () => {
  it("three positives and two negatives by hand", () => {
    // ψ: 3 beats both negatives; 2 beats 1 and ties 2; 1 ties 1 and loses: (2 + 1.5 + 0.5) / 6.
    const a = auc([1, 1, 1, 0, 0], [3, 2, 1, 2, 1])!
    expect(a.value).toBeCloseTo(4 / 6, 14)
    // V10 = 1, 3/4, 1/4 (variance 7/48); V01 = 1.5/3, 2.5/3 (variance 1/18).
    expect(a.variance).toBeCloseTo(7 / 48 / 3 + 1 / 18 / 2, 14)
  })

  it("a perfect and a useless model", () => {
    expect(auc([0, 0, 1, 1], [1, 2, 3, 4])).toEqual({
      value: 1,
      variance: 0,
      low: 1,
      high: 1,
      logitLow: null,
      logitHigh: null
    })
    expect(auc([0, 0, 1, 1], [5, 5, 5, 5])).toMatchObject({ value: 0.5, variance: 0 })
  })

  it("has no value with one class, and no variance with one case of a class", () => {
    expect(auc([1, 1, 1], [1, 2, 3])).toBeNull()
    expect(pairedDeLong([0, 0], [1, 2], [2, 1])).toBeNull()
    expect(auc([1, 0, 0], [3, 2, 1])).toMatchObject({ value: 1, variance: null, low: 0, high: 1 })
    expect(pairedDeLong([1, 0, 0], [3, 2, 1], [1, 2, 3])).toMatchObject({ delta: 1, se: null, p: null })
  })

  it("cuts the interval of a difference to where differences of areas lie", () => {
    const scores = [1, 2, 4, 3, 5, 6]
    const pair = pairedDeLong([0, 0, 0, 1, 1, 1], scores, scores.toReversed())!
    expect(pair.delta).toBeCloseTo(7 / 9, 12)
    // V10 of the difference is 1/3, 1, 1 (variance 4/27), and so is V01.
    expect(pair.se).toBeCloseTo(Math.sqrt(8 / 81), 12)
    expect(pair.high).toBe(1)
    expect(pair.low).toBeCloseTo(7 / 9 - 1.959963984540054 * pair.se!, 12)
  })

  it("calls identical models equal, and gives no p where only the variance vanishes", () => {
    const labels: Array<Label> = [0, 1, 0, 1, 0]
    const scores = [0.1, 0.3, 0.2, 0.9, 0.5]
    expect(pairedDeLong(labels, scores, scores)).toMatchObject({ delta: 0, se: 0, z: 0, p: 1, low: 0, high: 0 })
    expect(pairedDeLong([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1])).toMatchObject({ delta: 1, se: 0, z: null, p: null })
  })

  it("keeps the interval on the logit scale inside (0, 1) where the plain one is clipped", () => {
    const labels: Array<Label> = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    const a = auc(labels, [1, 2, 3, 4, 5, 8, 7, 9, 10, 11])!
    expect(a.high).toBe(1)
    expect(a.logitHigh).toBeLessThan(1)
    expect(a.logitLow).toBeGreaterThan(0.5)
    expect(a.logitLow).toBeLessThan(a.value)
  })
})
