import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { generator } from "../../../src/random/generator.ts"
import { symmetricEigenvalues } from "../../../src/statistics/generators/eigenvalues.ts"

const symmetric = (n: number, ...key: ReadonlyArray<string | number>): Float64Array => {
  const random = generator("symmetric", n, ...key)
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal()
  return matrix
}

describe("eigenvalues of a symmetric matrix", () => {
  it("of small matrices are known", () => {
    expect([...symmetricEigenvalues(new Float64Array([5]), 1)]).toEqual([5])
    const two = symmetricEigenvalues(new Float64Array([2, 1, 1, 2]), 2)
    expect(two[0]).toBeCloseTo(1, 14)
    expect(two[1]).toBeCloseTo(3, 14)
    expect([...symmetricEigenvalues(new Float64Array([3, 0, 0, 0, 1, 0, 0, 0, 2]), 3)]).toEqual([1, 2, 3])
    expect([...symmetricEigenvalues(new Float64Array(9), 3)]).toEqual([0, 0, 0])
    expect(symmetricEigenvalues(new Float64Array(0), 0)).toHaveLength(0)
  })

  it("of the second difference are 2 − 2 cos(kπ/(n + 1))", () => {
    const n = 40
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      const apart = Math.abs(Math.floor(at / n) - (at % n))
      return apart === 0 ? 2 : apart === 1 ? -1 : 0
    })
    symmetricEigenvalues(matrix, n).forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12)
    })
  })

  it("keep the trace and the sum of squares, and move with a shift", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.integer(), (n, seed) => {
        const matrix = symmetric(n, seed)
        const values = symmetricEigenvalues(matrix, n)
        const trace = Array.from({ length: n }, (_, i) => matrix[i * n + i]!).reduce((a, b) => a + b, 0)
        expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(trace, 10)
        const squares = matrix.reduce((total, value) => total + value * value, 0)
        expect(values.reduce((total, value) => total + value * value, 0)).toBeCloseTo(squares, 9)
        const shifted = matrix.map((value, at) => (Math.floor(at / n) === at % n ? value + 3 : value))
        symmetricEigenvalues(shifted, n).forEach((value, at) => {
          expect(value).toBeCloseTo(values[at]! + 3, 9)
        })
      }),
      { numRuns: 40 }
    )
  })

  it("say so when the matrix is not finite", () => {
    expect(() => symmetricEigenvalues(new Float64Array([1, Number.NaN, Number.NaN, 1]), 2)).toThrow(/finite/)
  })
})
