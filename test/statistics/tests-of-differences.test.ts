import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hanleyMcNeil, minimalDetectable } from "../../src/statistics/detectable.ts"
import { holmAdjust, twoOneSided } from "../../src/statistics/equivalence.ts"
import { hierarchicalInterval } from "../../src/statistics/hierarchical.ts"
import { signFlip } from "../../src/statistics/permutation.ts"

describe("the sign-flip test", () => {
  it("counts all patterns: 2 of 32 are as extreme when five differences agree", () => {
    expect(signFlip([1, 2, 3, 4, 5], [])).toMatchObject({ p: 2 / 32, flips: 32, exact: true, smallest: 2 / 32 })
  })

  it("by hand: |3 − 1| is reached by 4 of 4 and by all where nothing differs", () => {
    expect(signFlip([3, -1], []).p).toBe(1)
    expect(signFlip([0, 0, 0], []).p).toBe(1)
    // Means of ±1 ±2 ±4: seven or more in size at +++ and −−−; five or more at ++− flipped too.
    expect(signFlip([-1, 2, 4], []).p).toBe(4 / 8)
  })

  it("samples patterns beyond fourteen seeds", () => {
    const same = signFlip(Array(20).fill(1), ["many"])
    expect(same).toMatchObject({ exact: false, flips: 10_000, p: 1 / 10_001 })
    const mixed = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 1 : -1))
    expect(signFlip(mixed, ["many"]).p).toBe(1)
  })

  it("needs two seeds", () => {
    expect(signFlip([1], [])).toMatchObject({ p: null, smallest: null, reason: "needs at least two seeds" })
  })
})

describe("equivalence", () => {
  const estimate = { delta: 0.002, se: 0.004, degreesOfFreedom: 30 }

  it("is found just when the 90 % interval lies inside the margin", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.03, max: 0.03, noNaN: true }),
        fc.double({ min: 1e-4, max: 0.02, noNaN: true }),
        (delta, se) => {
          const { low, high, equivalent } = twoOneSided({ delta, se, degreesOfFreedom: 7 }, 0.01)
          expect(equivalent).toBe(low > -0.01 && high < 0.01)
        }
      )
    )
  })

  it("equals R's max(pt(-(Δ+δ)/se), pt((Δ-δ)/se))", () => {
    expect(twoOneSided(estimate, 0.01).p).toBeCloseTo(0.02731252248149155, 10)
  })

  it("is not shown by a difference without variance, unless the predictions are the same", () => {
    const none = { delta: 0, se: 0, degreesOfFreedom: 1 }
    expect(twoOneSided(none, 0.01)).toMatchObject({ p: 1, equivalent: false })
    expect(twoOneSided(none, 0.01, { identical: true })).toMatchObject({ p: 0, equivalent: true })
  })
})

describe("Holm's adjustment", () => {
  it("equals R's p.adjust(c(.01, .04, .03, .005), 'holm')", () => {
    const adjusted = holmAdjust([0.01, 0.04, 0.03, 0.005])
    for (const [at, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[at]).toBeCloseTo(p, 14)
  })

  it("leaves untested ones untested and out of the count", () => {
    expect(holmAdjust([null, 0.04, null])).toEqual([null, 0.04, null])
    expect(holmAdjust([])).toEqual([])
  })
})

describe("the smallest effect in sight", () => {
  it("follows Hanley and McNeil for test sets of the sizes in the literature", () => {
    expect(hanleyMcNeil(0.92, 125, 375)).toBeCloseTo(0.017, 3)
    const of = (positives: number, n: number) =>
      minimalDetectable({ auc: 0.92, positives, negatives: n - positives, correlation: 0.8 }).delta.toFixed(3)
    expect([of(125, 500), of(1719, 6877), of(193, 10_982)]).toEqual(["0.031", "0.008", "0.024"])
  })

  it("is read out, and grows with the design effect", () => {
    const input = { auc: 0.8, positives: 40, negatives: 160, correlation: 0.5 }
    const plain = minimalDetectable(input)
    expect(plain.sentence).toContain(`cannot see effects under ${plain.delta.toFixed(3)} AUC`)
    expect(minimalDetectable({ ...input, designEffect: 4 }).delta).toBeCloseTo(2 * plain.delta, 12)
  })
})

describe("the two-level interval", () => {
  const draws = (center: number, spread: number) =>
    Float64Array.from({ length: 400 }, (_, at) => center + spread * Math.sin(at * 12.9898) * Math.SQRT2)
  const interval = (estimates: ReadonlyArray<number>, replicates: ReadonlyArray<Float64Array>) =>
    hierarchicalInterval({ estimates, replicates, groups: 100, scarcest: 30, level: 0.95, key: ["two"] })

  it("of one seed has the variance of the groups alone", () => {
    const one = interval([0.1], [draws(0.1, 0.02)])
    expect(one).toMatchObject({ method: "cluster", seeds: 1, seedShare: 0, degreesOfFreedom: 29 })
    expect(one.se).toBeCloseTo(0.02, 3)
  })

  it("adds the variance between seeds to the one that all seeds share", () => {
    // The groups move all seeds alike: V = s²/k + Var(e).
    const estimates = [0.08, 0.1, 0.12]
    const two = interval(
      estimates,
      estimates.map((value) => draws(value, 0.02))
    )
    expect(two.se ** 2).toBeCloseTo(0.02 ** 2 / 3 + 0.02 ** 2, 5)
    expect(two.seedShare).toBeCloseTo(0.25, 2)
    expect(two.low).toBeLessThan(two.percentile.low + 0.01)
  })

  it("does not take seeds that agree by luck for certainty", () => {
    // Nothing in common between the seeds, and equal estimates: what is left is the variance with seeds held fixed.
    const waves = (seed: number) =>
      Float64Array.from({ length: 400 }, (_, at) => 0.1 + 0.02 * Math.SQRT2 * Math.sin((at * 2 * Math.PI) / 400 + seed))
    const lucky = interval([0.1, 0.1], [waves(0), waves(Math.PI / 2)])
    expect(lucky.se).toBeCloseTo(0.02 / Math.SQRT2, 4)
    expect(lucky.degreesOfFreedom).toBeCloseTo(1, 3)
  })

  it("is wide when the seeds disagree, by the few degrees of freedom that they leave", () => {
    const two = interval([0, 0.2], [draws(0, 0.001), draws(0.2, 0.001)])
    expect(two.degreesOfFreedom).toBeCloseTo(1, 2)
    expect(two.high).toBeGreaterThan(1)
    expect(two.p).toBeGreaterThan(0.4)
  })
})
