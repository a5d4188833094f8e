import { describe, expect, it } from "vitest"
import { generator } from "../../src/random/generator.ts"
import { calibrationLine, priorShift, temperature } from "../../src/statistics/calibration.ts"
import { netBenefit } from "../../src/statistics/net-benefit.ts"
import { logit, sigmoid } from "../../src/statistics/numeric.ts"
import { logLoss } from "../../src/statistics/scoring.ts"
import type { Label } from "../../src/statistics/types.ts"

const labels: Array<Label> = [0, 0, 1, 0, 1, 1, 0, 1, 0, 1]
const logits = [-2, -1, -0.5, 0.3, 0.4, 1, 1.2, 2, -3, 0.1]

/** Labels that are drawn with exactly the probabilities of `true logit`. */
const drawn = (count: number) => {
  const random = generator("calibration", count)
  const z = Array.from({ length: count }, () => random.normal(-1, 2))
  return { z, y: z.map((value): Label => (random.float() < sigmoid(value) ? 1 : 0)) }
}

describe("the calibration line", () => {
  it("equals R's glm(y ~ z) and glm(y ~ offset(z))", () => {
    const line = calibrationLine(labels, logits)!
    expect(line.intercept).toBeCloseTo(0.06182725944417308, 8)
    expect(line.slope).toBeCloseTo(0.97636819976447342, 8)
    expect(line.interceptOnly).toBeCloseTo(0.0604802867004597, 8)
  })

  it("finds a slope of 2 and a shift of 1 that were taken away", () => {
    const { z, y } = drawn(40_000)
    const line = calibrationLine(
      y,
      z.map((value) => (value - 1) / 2)
    )!
    expect(Math.abs(line.slope - 2)).toBeLessThan(0.06)
    expect(Math.abs(line.intercept - 1)).toBeLessThan(0.06)
  })

  it("is not there when the logits separate the classes, or are all the same, or there is one class", () => {
    expect(calibrationLine([0, 0, 1, 1], [1, 2, 2, 3])).toBeNull()
    expect(calibrationLine([1, 1, 0, 0], [1, 2, 2, 3])).toBeNull()
    expect(calibrationLine([0, 1], [1, 1])).toBeNull()
    expect(calibrationLine([1, 1], [1, 2])).toBeNull()
  })
})

describe("temperature scaling", () => {
  it("finds the temperature that was put in", () => {
    const { z, y } = drawn(40_000)
    const t = temperature(
      y,
      z.map((value) => value * 3)
    )
    expect(Math.abs(t - 3)).toBeLessThan(0.09)
  })

  it("is a minimum of the loss", () => {
    const t = temperature(labels, logits)
    const at = (scale: number) =>
      logLoss(
        labels,
        logits.map((z) => z / scale)
      )
    expect(at(t)).toBeLessThan(at(t * 1.01))
    expect(at(t)).toBeLessThan(at(t / 1.01))
    expect(temperature([1, 1], [1, 2])).toBe(1)
  })
})

describe("prior correction", () => {
  it("brings a probability to the natural prevalence by Bayes' rule", () => {
    // Odds 3 where half were positive become odds 3 · (0.1/0.9).
    expect(sigmoid(Math.log(3) + priorShift(0.5, 0.1))).toBeCloseTo(3 / (3 + 9), 14)
    expect(priorShift(0.3, 0.3)).toBe(0)
    expect(logit(0.2)).toBeCloseTo(Math.log(0.25), 14)
  })
})

describe("net benefit", () => {
  it("by hand at 0.2: two of two found for one false alarm among five", () => {
    const [point] = netBenefit([1, 1, 0, 0, 0], [0.9, 0.2, 0.3, 0.1, 0.1], [0.2])
    expect(point!.model).toBeCloseTo(2 / 5 - (1 / 5) * 0.25, 14)
    expect(point!.all).toBeCloseTo(2 / 5 - (3 / 5) * 0.25, 14)
  })
})
