import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  brier,
  equalMassBins,
  equalWidthBins,
  expectedCalibrationError,
  logLoss,
  reliabilityBins
} from "../../src/statistics/scoring.ts"
import type { Label } from "../../src/statistics/types.ts"

const judged = fc
  .array(fc.record({ label: fc.constantFrom<Label>(0, 1), p: fc.integer({ min: 0, max: 20 }).map((k) => k / 20) }), {
    minLength: 1,
    maxLength: 60
  })
  .map((rows) => ({ labels: rows.map((row) => row.label), ps: rows.map((row) => row.p) }))

describe("log loss", () => {
  it("is −log of the probability of what came true", () => {
    expect(logLoss([1, 0], [Math.log(3), Math.log(3)])).toBeCloseTo((-Math.log(0.75) - Math.log(0.25)) / 2, 14)
  })

  it("stays finite where the probability rounds to 0 or 1", () => {
    expect(logLoss([1, 0], [-1000, 1000])).toBe(1000)
    expect(logLoss([1], [800])).toBe(0)
  })
})

describe("bins", () => {
  it("hold every row once, equal probabilities together", () => {
    fc.assert(
      fc.property(judged, ({ ps }) => {
        for (const bins of [equalWidthBins(ps, 15), equalMassBins(ps, 15)]) {
          expect(bins.flatMap((bin) => bin.rows).toSorted((a, b) => a - b)).toEqual(ps.map((_, row) => row))
          const owner = new Map<number, number>()
          bins.forEach((bin, at) => {
            for (const row of bin.rows) {
              expect(owner.get(ps[row]!) ?? at).toBe(at)
              owner.set(ps[row]!, at)
            }
          })
        }
      })
    )
  })

  it("of equal mass are as even as they can be", () => {
    const ps = Array.from({ length: 100 }, (_, at) => (at / 100) ** 3)
    expect(equalMassBins(ps, 15).map((bin) => bin.rows.length)).toEqual([7, 6, 7, 7, 6, 7, 7, 6, 7, 7, 6, 7, 7, 6, 7])
  })
})

describe("Brier's score", () => {
  it("is the sum of its parts", () => {
    fc.assert(
      fc.property(judged, ({ labels, ps }) => {
        const b = brier(labels, ps, equalWidthBins(ps, 7))
        expect(b.reliability - b.resolution + b.uncertainty + b.within).toBeCloseTo(b.value, 12)
      })
    )
  })

  it("by hand, with one probability a bin", () => {
    const b = brier([1, 0, 0, 0], [0.75, 0.75, 0.25, 0.25], equalWidthBins([0.75, 0.75, 0.25, 0.25], 2))
    expect(b.value).toBeCloseTo((0.0625 + 0.5625 + 0.0625 + 0.0625) / 4, 14)
    expect(b.reliability).toBeCloseTo(0.0625, 14)
    expect(b.resolution).toBeCloseTo(0.0625, 14)
    expect(b.uncertainty).toBeCloseTo(0.1875, 14)
    expect(b.within).toBeCloseTo(0, 14)
  })
})

describe("calibration in bins", () => {
  it("by hand: (2/4) |0.75 − 0.5| + (2/4) |0.25 − 0|", () => {
    const [labels, ps]: [Array<Label>, Array<number>] = [
      [1, 0, 0, 0],
      [0.75, 0.75, 0.25, 0.25]
    ]
    expect(expectedCalibrationError(labels, ps, equalWidthBins(ps, 2))).toBeCloseTo(0.25, 14)
    expect(expectedCalibrationError(labels, ps, equalMassBins(ps, 2))).toBeCloseTo(0.25, 14)
    expect(reliabilityBins(labels, ps, equalWidthBins(ps, 2))[1]).toMatchObject({
      low: 0.5,
      high: 1,
      count: 2,
      predicted: 0.75,
      observed: { successes: 1, trials: 2 }
    })
  })
})
