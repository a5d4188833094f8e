import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bcaInterval, bootstrapAucs, clusterDesign, groupInfluence } from "../../src/statistics/bootstrap.ts"
import { delongVariance, pairedDeLong, placements } from "../../src/statistics/delong.ts"
import { variance } from "../../src/statistics/numeric.ts"
import { cohort, logitsOf, tiedScores } from "./samples.ts"

const own = (rows: ReadonlyArray<unknown>) => rows.map((_, row) => `g${row}`)

describe("a cluster design", () => {
  it("parts groups with a positive from those without, a mixed group being of the first", () => {
    const design = clusterDesign([0, 1, 0, 0, 1], ["b", "a", "b", "a", "c"])
    expect(design.groups).toBe(3)
    expect([...design.groupOf]).toEqual([1, 0, 1, 0, 2])
    expect(design.strata.map((stratum) => [...stratum])).toEqual([[0, 2], [1]])
    expect(design.scarcest).toBe(2)
  })
})

describe("the group bootstrap", () => {
  const { label, group, ...rest } = cohort(150, "bootstrap")
  const of = { label, group, ...rest }
  const [a, b] = [logitsOf(of, { gain: 0.3 }, "a"), logitsOf(of, { gain: 0 }, "b")]
  const singles = clusterDesign(label, own(label))

  it("has DeLong's variance where every image is its own group", () => {
    const [drawn] = bootstrapAucs(singles, [a], 2000, ["variance"])
    const ratio = variance(drawn!) / delongVariance(placements(label, a))
    expect(Math.abs(ratio - 1)).toBeLessThan(0.12)
  })

  it("is wider where the images of a patient go together", () => {
    const [alone] = bootstrapAucs(singles, [a], 1000, ["alone"])
    const [together] = bootstrapAucs(clusterDesign(label, group), [a], 1000, ["together"])
    expect(variance(together!)).toBeGreaterThan(1.2 * variance(alone!))
  })

  it("measures every model on the same draws", () => {
    const [one, two, again] = bootstrapAucs(singles, [a, b, a], 200, ["pairs"])
    expect(again).toEqual(one)
    const differences = one!.map((value, draw) => value - two![draw]!)
    const ratio = Math.sqrt(variance(differences)) / pairedDeLong(label, a, b)!.se!
    expect(Math.abs(ratio - 1)).toBeLessThan(0.2)
  })

  it("gives a draw the same value whatever else is drawn", () => {
    const [long] = bootstrapAucs(singles, [a], 50, ["key"])
    const [short] = bootstrapAucs(singles, [a], 20, ["key"])
    expect(long!.slice(0, 20)).toEqual(short)
    expect(bootstrapAucs(singles, [a], 20, ["other"])[0]).not.toEqual(short)
  })

  it("drops draws without one of the classes", () => {
    // Mixed groups only: a draw can consist of the one group that is all positive.
    const design = clusterDesign([1, 0, 1], ["m", "m", "p"])
    const [drawn] = bootstrapAucs(design, [[2, 1, 3]], 200, ["drop"])
    expect(drawn!.length).toBeGreaterThan(100)
    expect(drawn!.length).toBeLessThan(200)
    expect(drawn!.every(Number.isFinite)).toBe(true)
  })
})

describe("the influence of groups", () => {
  it("has DeLong's variance of the difference as its squares, but for n − 1, and sums to nothing", () => {
    fc.assert(
      fc.property(tiedScores(2), ({ labels, columns: [a, b] }) => {
        const influence = groupInfluence(clusterDesign(labels, own(labels)), a!, b!)
        const m = labels.filter((label) => label === 1).length
        expect(influence.reduce((total, u) => total + u, 0)).toBeCloseTo(0, 12)
        const squares = influence.reduce((total, u) => total + u * u, 0)
        const { se } = pairedDeLong(labels, a!, b!)!
        const [low, high] = [Math.min(m, labels.length - m), Math.max(m, labels.length - m)]
        expect(squares).toBeLessThanOrEqual(se! ** 2 * ((high - 1) / high) + 1e-12)
        expect(squares).toBeGreaterThanOrEqual(se! ** 2 * ((low - 1) / low) - 1e-12)
      })
    )
  })
})

describe("the BCa interval", () => {
  const draws = Float64Array.from({ length: 1001 }, (_, at) => at / 1000)

  it("is the percentile interval without bias and acceleration", () => {
    const interval = bcaInterval(0.5, draws, new Float64Array([1, -1]), 0.9)
    expect(interval).toMatchObject({ method: "bca", value: 0.5, replicates: 1001, groups: 2 })
    expect(interval.low).toBeCloseTo(0.05, 3)
    expect(interval.high).toBeCloseTo(0.95, 3)
  })

  it("moves up when the replicates lie below the estimate, and with positive skew", () => {
    const plain = bcaInterval(0.5, draws, new Float64Array([1, -1]))
    expect(bcaInterval(0.6, draws, new Float64Array([1, -1])).low).toBeGreaterThan(plain.low)
    expect(bcaInterval(0.5, draws, new Float64Array([2, -1, -1])).high).toBeGreaterThan(plain.high)
  })

  it("falls back to percentiles where all replicates are on one side", () => {
    expect(bcaInterval(2, draws, new Float64Array([1, -1])).method).toBe("percentile")
  })
})
