import { describe, expect, it } from "vitest"
import { generator } from "../../../src/random/generator.ts"
import { decision, fitLogistic } from "../../../src/statistics/generators/logistic.ts"
import { realVersusFake } from "../../../src/statistics/generators/two-sample.ts"
import { cloud, points } from "./clouds.ts"

describe("ridge logistic regression", () => {
  it("sets the gradient to zero: Σ (p − y) x + w = 0 and Σ (p − y) = 0", () => {
    const features = cloud(40, 6, 0, 1, "logistic")
    const random = generator("labels")
    const labels = Array.from({ length: 40 }, (_, row) => (features.data[row * 6]! + random.normal() > 0 ? 1 : 0))
    const model = fitLogistic(features, labels)
    const residual = decision(features, model).map((z, row) => 1 / (1 + Math.exp(-z)) - labels[row]!)
    expect(Math.abs(residual.reduce((a, b) => a + b, 0))).toBeLessThan(0.01)
    for (let at = 0; at < 6; at++) {
      const slope = residual.reduce((total, r, row) => total + r * features.data[row * 6 + at]!, model.weights[at]!)
      expect(Math.abs(slope)).toBeLessThan(0.02)
    }
  })

  it("equals a ridge fit found by hand: x = ±1, labels apart, w = 2 / (1 + e^w)", () => {
    const { weights, intercept } = fitLogistic(points([-1], [1]), [0, 1])
    expect(weights[0]).toBeCloseTo(2 / (1 + Math.exp(weights[0]!)), 3)
    expect(intercept).toBeCloseTo(0, 3)
  })
})

describe("real versus synthetic", () => {
  it("is 0.5 within its interval for one distribution, also with more features than rows", () => {
    const found = realVersusFake({
      real: cloud(80, 120, 0, 1, "r"),
      synthetic: cloud(80, 120, 0, 1, "s"),
      key: ["null"]
    })!
    expect(found.low).toBeLessThan(0.5)
    expect(found.high).toBeGreaterThan(0.5)
  })

  it("is near 1 where a mean differs, whatever the scale of the columns", () => {
    const scaled = (rows: number, center: number, key: string) => {
      const of = cloud(rows, 5, center, 1, key)
      return { ...of, data: of.data.map((value, at) => value * 10 ** (at % 5)) }
    }
    const found = realVersusFake({ real: scaled(100, 0, "r"), synthetic: scaled(60, 1.5, "s"), key: ["apart"] })!
    expect(found.value).toBeGreaterThan(0.97)
  })

  it("keeps a patient's rows in one fold, so that copies do not help", () => {
    // Real rows in pairs of twins with a feature of their own; labels carry nothing.
    const base = cloud(40, 30, 0, 1, "twins")
    const real = { rows: 80, columns: 30, data: new Float32Array([...base.data, ...base.data]) }
    const groups = Array.from({ length: 80 }, (_, row) => `p${row % 40}`)
    const synthetic = cloud(80, 30, 0, 1, "others")
    const leaking = realVersusFake({ real, synthetic, key: ["twins"] })!
    const grouped = realVersusFake({ real, synthetic, realGroups: groups, key: ["twins"] })!
    expect(leaking.value).toBeGreaterThan(grouped.value + 0.1)
    expect(grouped.low).toBeLessThan(0.5)
  })

  it("needs ten groups a side", () => {
    const few = cloud(9, 2, 0, 1, "few")
    expect(realVersusFake({ real: few, synthetic: cloud(20, 2, 0, 1, "many"), key: [] })).toBeNull()
  })
})
