/** Distances between sets of features. */
import type { Features } from "./features.ts"
import { rowProducts, squaredNorms } from "./products.ts"

/** Euclidean distances of every row of `a` to every row of `b`, a.rows × b.rows. */
export const distances = (a: Features, b: Features): Float64Array => {
  const [na, nb] = [squaredNorms(a.data, a.rows, a.columns), squaredNorms(b.data, b.rows, b.columns)]
  const result = rowProducts(a.data, a.rows, b.data, b.rows, a.columns)
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      const at = i * b.rows + j
      // In exact arithmetic never negative; equal rows give 0 or a rounding error.
      result[at] = Math.sqrt(Math.max(0, na[i]! + nb[j]! - 2 * result[at]!))
    }
  }
  return result
}

/** The distance of every row to its k-th nearest other row of the same set; Infinity where there are fewer. */
export const kthNearest = (a: Features, k: number): Float64Array => {
  const all = distances(a, a)
  return Float64Array.from({ length: a.rows }, (_, i) => {
    const row = all.slice(i * a.rows, (i + 1) * a.rows)
    row[i] = Number.POSITIVE_INFINITY
    return row.sort()[k - 1] ?? Number.POSITIVE_INFINITY
  })
}

/** For every row of `a`, the nearest row of `b` (at least one): its index and distance. */
export const nearestIn = (
  a: Features,
  b: Features
): { readonly index: Uint32Array; readonly distance: Float64Array } => {
  const all = distances(a, b)
  const index = new Uint32Array(a.rows)
  const distance = new Float64Array(a.rows).fill(Number.POSITIVE_INFINITY)
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      if (all[i * b.rows + j]! >= distance[i]!) continue
      distance[i] = all[i * b.rows + j]!
      index[i] = j
    }
  }
  return { index, distance }
}
