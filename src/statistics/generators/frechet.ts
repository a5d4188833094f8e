/** The Fréchet distance of two sets of features, as normal distributions. */
import { symmetricEigenvalues } from "./eigenvalues.ts"
import type { Features } from "./features.ts"
import { rowProducts } from "./products.ts"

interface Moments {
  readonly mean: Float64Array
  /** F with FᵀF = Σ, `rows` × d: the centred rows over √(n − 1), or Cholesky's factor where that is smaller. */
  readonly factor: Float64Array
  readonly rows: number
  /** Tr Σ */
  readonly trace: number
}

/** The upper Cholesky factor of a positive semidefinite d × d matrix; a pivot that rounding left below zero is zero. */
const cholesky = (matrix: Float64Array, d: number): Float64Array => {
  const factor = new Float64Array(d * d)
  let largest = 0
  for (let i = 0; i < d; i++) largest = Math.max(largest, matrix[i * d + i]!)
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) {
      const scale = factor[k * d + i]!
      if (scale === 0) continue
      for (let j = i; j < d; j++) factor[i * d + j]! -= scale * factor[k * d + j]!
    }
    const pivot = matrix[i * d + i]! + factor[i * d + i]!
    const root = pivot > largest * 1e-14 ? Math.sqrt(pivot) : 0
    for (let j = i; j < d; j++) {
      factor[i * d + j] = root === 0 ? 0 : (matrix[i * d + j]! + factor[i * d + j]!) / root
    }
  }
  return factor
}

const moments = ({ rows, columns: d, data }: Features): Moments => {
  const mean = new Float64Array(d)
  for (let row = 0; row < rows; row++) for (let at = 0; at < d; at++) mean[at]! += data[row * d + at]! / rows
  const centred = new Float64Array(rows * d)
  const scale = 1 / Math.sqrt(rows - 1)
  let trace = 0
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < d; at++) {
      const value = (data[row * d + at]! - mean[at]!) * scale
      centred[row * d + at] = value
      trace += value * value
    }
  }
  if (rows <= d) return { mean, factor: centred, rows, trace }
  const covariance = new Float64Array(d * d)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < d; i++) {
      const value = centred[row * d + i]!
      for (let j = i; j < d; j++) covariance[i * d + j]! += value * centred[row * d + j]!
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) covariance[i * d + j] = covariance[j * d + i]!
  return { mean, factor: cholesky(covariance, d), rows: d, trace }
}

/**
 * ‖μ_a − μ_b‖² + Tr(Σ_a + Σ_b − 2 (Σ_a Σ_b)^½) (Heusel et al. 2017, "GANs trained by a two time-scale update rule"): FID,
 * but in the given feature space. With Σ = FᵀF the trace of the root is the sum of the singular values of F_a F_bᵀ, so that
 * fewer rows than features cost no d × d root. Biased upwards by about d/n: only figures of equal n compare, and under
 * 10,000 rows KID is the one to read. Relative accuracy about 1e-6. Needs two rows of each; `null` with fewer.
 */
export const frechetDistance = (a: Features, b: Features): number | null => {
  if (a.rows < 2 || b.rows < 2) return null
  const d = a.columns
  const [x, y] = [moments(a), moments(b)]
  const [small, large] = x.rows <= y.rows ? [x, y] : [y, x]
  const product = rowProducts(small.factor, small.rows, large.factor, large.rows, d)
  const gram = rowProducts(product, small.rows, product, small.rows, large.rows)
  let root = 0
  for (const value of symmetricEigenvalues(gram, small.rows)) root += Math.sqrt(Math.max(0, value))
  let between = 0
  for (let at = 0; at < d; at++) between += (x.mean[at]! - y.mean[at]!) ** 2
  return Math.max(0, between + x.trace + y.trace - 2 * root)
}
