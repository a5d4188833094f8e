import { describe, expect, it } from "vitest"
import { frechetDistance } from "../../../src/statistics/generators/frechet.ts"
import { kernelDistance } from "../../../src/statistics/generators/kernel-distance.ts"
import { cloud, points } from "./clouds.ts"

describe("the Fréchet distance", () => {
  it("in one dimension is (μ − μ′)² + (σ − σ′)²", () => {
    const [a, b] = [points([0], [2]), points([10], [14])]
    // Means 1 and 12; deviations √2 and √8.
    expect(frechetDistance(a, b)).toBeCloseTo(121 + (Math.sqrt(8) - Math.SQRT2) ** 2, 8)
  })

  it("of covariances that do not commute equals the closed form in two dimensions", () => {
    // Σ = [[1, 0], [0, 4]] (scaled) and one turned by 45°: Tr √(ΣΣ′) = √(Tr ΣΣ′ + 2 √det(ΣΣ′)).
    const a = points([1, 0], [-1, 0], [0, 2], [0, -2])
    const b = points([1, 1], [-1, -1], [3, -3], [-3, 3])
    const third = 1 / 3
    const [sa, sb] = [
      [2 * third, 0, 0, 8 * third],
      [20 * third, -16 * third, -16 * third, 20 * third]
    ]
    const traceProduct = sa[0]! * sb[0]! + sa[3]! * sb[3]!
    const determinant = sa[0]! * sa[3]! * (sb[0]! * sb[3]! - sb[1]! * sb[2]!)
    const root = Math.sqrt(traceProduct + 2 * Math.sqrt(determinant))
    expect(frechetDistance(a, b)).toBeCloseTo(sa[0]! + sa[3]! + sb[0]! + sb[3]! - 2 * root, 6)
  })

  it("is the same with fewer rows than features as with zeros added to have more columns", () => {
    const [a, b] = [cloud(30, 12, 0, 1, "a"), cloud(25, 12, 0.3, 1.5, "b")]
    const widen = (of: typeof a) => {
      const data = new Float32Array(of.rows * 60)
      for (let row = 0; row < of.rows; row++) {
        data.set(of.data.subarray(row * of.columns, (row + 1) * of.columns), row * 60)
      }
      return { rows: of.rows, columns: 60, data }
    }
    expect(frechetDistance(widen(a), widen(b))).toBeCloseTo(frechetDistance(a, b)!, 5)
  })

  it("is nothing between a set and itself, symmetric, and grows with the distance", () => {
    const [a, b, c] = [cloud(50, 8, 0, 1, "a"), cloud(60, 8, 0.5, 1, "b"), cloud(60, 8, 1.5, 1, "b")]
    expect(frechetDistance(a, a)).toBeCloseTo(0, 5)
    expect(frechetDistance(a, b)).toBeCloseTo(frechetDistance(b, a)!, 6)
    expect(frechetDistance(a, c)).toBeGreaterThan(frechetDistance(a, b)!)
    expect(frechetDistance(points([1, 2]), a)).toBeNull()
  })
})

describe("the kernel distance", () => {
  it("by hand: one column, k(x, y) = (xy + 1)³", () => {
    const k = (x: number, y: number) => (x * y + 1) ** 3
    const [x, y] = [
      [0, 1, 2],
      [1, -1, 3]
    ]
    const pairs = (of: ReadonlyArray<number>) => k(of[0]!, of[1]!) + k(of[0]!, of[2]!) + k(of[1]!, of[2]!)
    const across = x!.flatMap((a) => y!.map((b) => k(a, b))).reduce((a, b) => a + b, 0)
    const expected = pairs(x!) / 3 + pairs(y!) / 3 - (2 * across) / 9
    expect(kernelDistance(points([0], [1], [2]), points([1], [-1], [3]))!.value).toBeCloseTo(expected, 10)
  })

  it("is unbiased: it lies about 0 for samples of one distribution", () => {
    const values = Array.from(
      { length: 60 },
      (_, at) => kernelDistance(cloud(20, 4, 0, 1, "x", `${at}`), cloud(30, 4, 0, 1, "y", `${at}`))!.value
    )
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const se = Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / 59 / 60)
    expect(Math.abs(mean)).toBeLessThan(3 * se)
    expect(values.some((value) => value < 0)).toBe(true)
  })

  it("has the standard error that repeated sampling shows", () => {
    const runs = Array.from(
      { length: 80 },
      (_, at) => kernelDistance(cloud(40, 3, 0, 1, "x", `${at}`), cloud(40, 3, 0.8, 1, "y", `${at}`))!
    )
    const mean = runs.reduce((total, run) => total + run.value, 0) / runs.length
    const spread = Math.sqrt(runs.reduce((total, run) => total + (run.value - mean) ** 2, 0) / (runs.length - 1))
    const claimed = Math.sqrt(runs.reduce((total, run) => total + run.se ** 2, 0) / runs.length)
    expect(claimed / spread).toBeGreaterThan(0.75)
    expect(claimed / spread).toBeLessThan(1.35)
  })

  it("needs three rows a side", () => {
    expect(kernelDistance(points([1], [2]), points([1], [2], [3]))).toBeNull()
  })
})
