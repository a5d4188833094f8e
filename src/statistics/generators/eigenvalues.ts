/**
 * Eigenvalues of a symmetric matrix: Householder's reduction to tridiagonal form, then the implicit QL algorithm with
 * Wilkinson's shift (Golub & Van Loan, Matrix Computations, 8.3; Martin, Reinsch & Wilkinson 1968).
 */

/** Reduces `a` (n × n, destroyed) to the diagonal and subdiagonal of a tridiagonal matrix with the same eigenvalues. */
const tridiagonal = (a: Float64Array, n: number): { diagonal: Float64Array; off: Float64Array } => {
  const diagonal = new Float64Array(n)
  const off = new Float64Array(n)
  const v = new Float64Array(n)
  const p = new Float64Array(n)
  for (let k = 0; k < n - 1; k++) {
    diagonal[k] = a[k * n + k]!
    let length = 0
    for (let i = k + 1; i < n; i++) length += a[i * n + k]! ** 2
    length = Math.sqrt(length)
    const head = a[(k + 1) * n + k]!
    const alpha = head > 0 ? -length : length
    off[k] = alpha
    // The reflection along v = x − α e₁; a column that is already zero below needs none.
    let squared = 0
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k]! - (i === k + 1 ? alpha : 0)
      squared += v[i]! ** 2
    }
    if (squared === 0) continue
    let project = 0
    for (let i = k + 1; i < n; i++) {
      let total = 0
      for (let j = k + 1; j < n; j++) total += a[i * n + j]! * v[j]!
      p[i] = (2 * total) / squared
      project += p[i]! * v[i]!
    }
    const half = project / squared
    for (let i = k + 1; i < n; i++) p[i]! -= half * v[i]!
    for (let i = k + 1; i < n; i++) {
      const [vi, pi] = [v[i]!, p[i]!]
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= vi * p[j]! + pi * v[j]!
    }
  }
  if (n > 0) diagonal[n - 1] = a[n * n - 1]!
  return { diagonal, off }
}

/** The eigenvalues, ascending, of the symmetric, finite n × n `matrix` (row-major; left as it is). O(n³). */
export const symmetricEigenvalues = (matrix: Float64Array, n: number): Float64Array => {
  if (!matrix.every(Number.isFinite)) throw new RangeError("eigenvalues of a matrix that is not finite")
  const { diagonal: d, off: e } = tridiagonal(matrix.slice(), n)
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++
      if (m === l) break
      // Each eigenvalue takes two or three sweeps.
      if (iteration === 60) throw new RangeError("the eigenvalue iteration does not converge")
      const spread = (d[l + 1]! - d[l]!) / (2 * e[l]!)
      const root = Math.hypot(spread, 1)
      let g = d[m]! - d[l]! + e[l]! / (spread + (spread >= 0 ? root : -root))
      let [sine, cosine, shift] = [1, 1, 0]
      let split = false
      for (let i = m - 1; i >= l; i--) {
        const f = sine * e[i]!
        const b = cosine * e[i]!
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          d[i + 1]! -= shift
          e[m] = 0
          split = true
          break
        }
        sine = f / r
        cosine = g / r
        g = d[i + 1]! - shift
        const t = (d[i]! - g) * sine + 2 * cosine * b
        shift = sine * t
        d[i + 1] = g + shift
        g = cosine * t - b
      }
      if (split) continue
      d[l]! -= shift
      e[l] = g
      e[m] = 0
    }
  }
  return d.sort()
}
