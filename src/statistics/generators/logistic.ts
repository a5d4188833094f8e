/** Ridge logistic regression on many features. */
import { sigmoid } from "../numeric.ts"
import type { Features } from "./features.ts"

export interface LogisticModel {
  readonly intercept: number
  readonly weights: Float64Array
}

/** Mean and reciprocal standard deviation of every column; a constant column gets 0 and so has no say. */
export const standardisation = ({ rows, columns, data }: Features): { mean: Float64Array; scale: Float64Array } => {
  const mean = new Float64Array(columns)
  const squares = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < columns; at++) mean[at]! += data[row * columns + at]! / rows
  }
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < columns; at++) squares[at]! += (data[row * columns + at]! - mean[at]!) ** 2
  }
  return { mean, scale: squares.map((sum) => (sum > 1e-24 * rows ? 1 / Math.sqrt(sum / rows) : 0)) }
}

export const standardise = (
  { rows, columns, data }: Features,
  { mean, scale }: { readonly mean: Float64Array; readonly scale: Float64Array }
): Features => {
  const result = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < columns; at++) {
      result[row * columns + at] = (data[row * columns + at]! - mean[at]!) * scale[at]!
    }
  }
  return { rows, columns, data: result }
}

/** intercept + weights · x of every row. */
export const decision = ({ rows, columns, data }: Features, { intercept, weights }: LogisticModel): Float64Array => {
  const result = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let total = intercept
    for (let at = 0; at < columns; at++) total += weights[at]! * data[row * columns + at]!
    result[row] = total
  }
  return result
}

/** Xᵀ r and Σ r: the gradient's linear part, its last entry for the intercept. */
const project = ({ rows, columns, data }: Features, residual: Float64Array): Float64Array => {
  const result = new Float64Array(columns + 1)
  for (let row = 0; row < rows; row++) {
    const r = residual[row]!
    for (let at = 0; at < columns; at++) result[at]! += r * data[row * columns + at]!
    result[columns]! += r
  }
  return result
}

const inner = (a: Float64Array, b: Float64Array): number => {
  let total = 0
  for (let at = 0; at < a.length; at++) total += a[at]! * b[at]!
  return total
}

/**
 * Minimises Σ log loss + ‖w‖²/2 (the intercept is free) over standardised features by Newton's method, each step solved by
 * conjugate gradients, so that d × d matrices are never formed. The cost falls at every step: steps are halved until it does.
 */
export const fitLogistic = (features: Features, labels: ReadonlyArray<number>): LogisticModel => {
  const { rows, columns } = features
  const w = new Float64Array(columns + 1)
  const modelOf = (v: Float64Array): LogisticModel => ({ intercept: v[columns]!, weights: v.subarray(0, columns) })
  const cost = (v: Float64Array): number => {
    const z = decision(features, modelOf(v))
    let total = 0
    for (let row = 0; row < rows; row++) {
      const eta = labels[row] === 1 ? -z[row]! : z[row]!
      total += Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))
    }
    return total + inner(v.subarray(0, columns), v.subarray(0, columns)) / 2
  }
  const ridge = (result: Float64Array, v: Float64Array): Float64Array => {
    for (let at = 0; at < columns; at++) result[at]! += v[at]!
    return result
  }
  let current = cost(w)
  for (let iteration = 0; iteration < 30; iteration++) {
    const p = decision(features, modelOf(w)).map(sigmoid)
    const gradient = ridge(
      project(
        features,
        p.map((value, row) => value - labels[row]!)
      ),
      w
    )
    const curvature = (v: Float64Array): Float64Array => {
      const z = decision(features, modelOf(v))
      return ridge(
        project(
          features,
          z.map((value, row) => value * p[row]! * (1 - p[row]!))
        ),
        v
      )
    }
    const step = conjugateGradients(curvature, gradient)
    let size = 1
    let next = w.map((value, at) => value - step[at]!)
    while (size > 1e-6 && !(cost(next) <= current)) {
      size /= 2
      next = w.map((value, at) => value - size * step[at]!)
    }
    const reached = cost(next)
    if (!(reached <= current)) break
    w.set(next)
    if (current - reached <= 1e-6 * (1 + current)) break
    current = reached
  }
  return modelOf(w)
}

/** Solves A s = g for a positive definite A given as a product, to a relative residual of 1e-3 or 60 steps. */
const conjugateGradients = (product: (v: Float64Array) => Float64Array, g: Float64Array): Float64Array => {
  const s = new Float64Array(g.length)
  const r = g.slice()
  let d = g.slice()
  let squared = inner(r, r)
  const enough = squared * 1e-6
  for (let step = 0; step < 60 && squared > enough; step++) {
    const ad = product(d)
    const length = squared / inner(d, ad)
    for (let at = 0; at < s.length; at++) {
      s[at]! += length * d[at]!
      r[at]! -= length * ad[at]!
    }
    const next = inner(r, r)
    const keep = next / squared
    d = d.map((value, at) => r[at]! + keep * value)
    squared = next
  }
  return s
}
