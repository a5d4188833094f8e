import { describe, expect, it } from "vitest"
import { normalCdf, normalQuantile, twoSided } from "../../src/statistics/normal.ts"
import { incompleteBeta, logGamma, studentCdf, studentQuantile, studentTwoSided } from "../../src/statistics/student.ts"

/** Relative error to a reference value printed by R 4 with 16 digits. */
const close = (ours: number, theirs: number, tolerance = 1e-13) =>
  expect(Math.abs(ours / theirs - 1)).toBeLessThan(tolerance)

describe("the normal distribution (R: pnorm, qnorm)", () => {
  it.each([
    [0.3, 0.6179114221889527],
    [-1, 0.158655253931457],
    [-2.999999, 0.001349902463485155],
    [-3.000001, 0.00134989359978833],
    [-5, 2.866515718791939e-7],
    [-10, 7.619853024160527e-24],
    [-30, 4.906713927148187e-198]
  ])("Φ(%d)", (x, p) => close(normalCdf(x), p, 1e-12))

  it.each([
    [0.975, 1.9599639845400536],
    [0.2, -0.8416212335729142],
    [0.001, -3.090232306167813],
    [1e-12, -7.0344838253011321],
    [1e-100, -21.27345356096532]
  ])("Φ⁻¹(%d)", (p, x) => close(normalQuantile(p), x))

  it("has its limits", () => {
    expect(normalQuantile(0.5)).toBe(0)
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY)
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0)
    expect(normalCdf(50)).toBe(1)
    expect(twoSided(0)).toBe(1)
  })
})

describe("Student's distribution (R: pt, qt, pbeta, lgamma)", () => {
  it.each([
    [1, 1, 0.75],
    [-2, 4, 0.05805826175840775],
    [-2.5, 3.7, 0.03591101145591338],
    [-12, 250, 8.367648113491745e-27],
    [1.3, 1e6, 0.9031993655954375]
  ])("P(T ≤ %d), %d degrees", (t, df, p) => close(studentCdf(t, df), p, 1e-10))

  it.each([
    [0.975, 4, 2.776445105197793],
    [0.95, 1, 6.313751514675038],
    [0.995, 17.3, 2.892027641127293],
    [0.975, 1e9, 1.959963986912325]
  ])("the quantile of %d, %d degrees", (p, df, t) => close(studentQuantile(p, df), t, 1e-8))

  it("agrees with its own inverse, and with the closed forms", () => {
    for (const df of [1, 2.5, 8, 60]) close(studentTwoSided(studentQuantile(0.9, df), df), 0.2, 1e-12)
    close(logGamma(0.5), 0.5723649429247001, 1e-13)
    close(logGamma(101), 363.7393755555635, 1e-13)
    // I_x(2, 3) = 6x² − 8x³ + 3x⁴
    for (const x of [0.1, 0.5, 0.9]) close(incompleteBeta(x, 2, 3), 6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4)
  })
})
