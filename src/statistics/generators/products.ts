/** The products that all distances are made of. */

/**
 * A Bᵀ of `a` (m × d) and `b` (n × d), row-major: the dot product of every row of one with every row of the other. Tiles of
 * two by two rows, so that every number that is loaded is used twice.
 */
export const rowProducts = (
  a: Float32Array | Float64Array,
  m: number,
  b: Float32Array | Float64Array,
  n: number,
  d: number
): Float64Array => {
  // One type in the inner loop: a loop that sees two is several times slower.
  const x = a instanceof Float64Array ? a : new Float64Array(a)
  const y = b instanceof Float64Array ? b : new Float64Array(b)
  const result = new Float64Array(m * n)
  for (let i = 0; i < m; i += 2) {
    // An odd last row is paired with itself: the second result is the first one again.
    const i1 = Math.min(i + 1, m - 1)
    const [x0, x1] = [i * d, i1 * d]
    for (let j = 0; j < n; j += 2) {
      const j1 = Math.min(j + 1, n - 1)
      const [y0, y1] = [j * d, j1 * d]
      let s00 = 0
      let s01 = 0
      let s10 = 0
      let s11 = 0
      for (let at = 0; at < d; at++) {
        const u = x[x0 + at]!
        const v = x[x1 + at]!
        const p = y[y0 + at]!
        const q = y[y1 + at]!
        s00 += u * p
        s01 += u * q
        s10 += v * p
        s11 += v * q
      }
      result[i * n + j] = s00
      result[i * n + j1] = s01
      result[i1 * n + j] = s10
      result[i1 * n + j1] = s11
    }
  }
  return result
}

/** The squared length of each of m rows of d numbers. */
export const squaredNorms = (a: Float32Array, m: number, d: number): Float64Array => {
  const result = new Float64Array(m)
  for (let i = 0; i < m; i++) {
    let total = 0
    for (let at = 0; at < d; at++) total += a[i * d + at]! ** 2
    result[i] = total
  }
  return result
}
