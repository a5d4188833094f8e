/** The kernel distance of two sets of features. */
import { variance } from "../numeric.ts"
import type { Features } from "./features.ts"
import { rowProducts } from "./products.ts"

export interface KernelDistance {
  readonly value: number
  /** Standard error, by the jackknife over the rows of both sets. */
  readonly se: number
}

/** (xᵀy / d + 1)³ of every row of one with every row of the other. */
const kernels = (a: Features, b: Features): Float64Array =>
  rowProducts(a.data, a.rows, b.data, b.rows, a.columns).map((product) => (product / a.columns + 1) ** 3)

/** For every row, the sum of its kernel with the other rows of its own set. */
const withinSums = (a: Features): Float64Array => {
  const all = kernels(a, a)
  return Float64Array.from({ length: a.rows }, (_, i) => {
    let sum = 0
    for (let j = 0; j < a.rows; j++) if (j !== i) sum += all[i * a.rows + j]!
    return sum
  })
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

/**
 * KID: the squared maximum mean discrepancy with the cubic kernel, in its unbiased form, mean k(x, x′) + mean k(y, y′) −
 * 2 mean k(x, y) over distinct pairs (Bińkowski et al. 2018, "Demystifying MMD GANs"; Gretton et al. 2012). All rows are
 * used at once in place of averages over random blocks: the same expectation, less noise. It can be below 0 by chance.
 * Needs three rows of each; `null` with fewer.
 */
export const kernelDistance = (x: Features, y: Features): KernelDistance | null => {
  const [m, n] = [x.rows, y.rows]
  if (m < 3 || n < 3) return null
  const [withinX, withinY] = [withinSums(x), withinSums(y)]
  const [acrossX, acrossY] = [new Float64Array(m), new Float64Array(n)]
  const across = kernels(x, y)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const value = across[i * n + j]!
      acrossX[i]! += value
      acrossY[j]! += value
    }
  }
  const [xx, yy, xy] = [total(withinX), total(withinY), total(acrossX)]
  const value = xx / (m * (m - 1)) + yy / (n * (n - 1)) - (2 * xy) / (m * n)
  const withoutX = withinX.map(
    (sum, i) => (xx - 2 * sum) / ((m - 1) * (m - 2)) - (2 * (xy - acrossX[i]!)) / ((m - 1) * n)
  )
  const withoutY = withinY.map(
    (sum, j) => (yy - 2 * sum) / ((n - 1) * (n - 2)) - (2 * (xy - acrossY[j]!)) / (m * (n - 1))
  )
  const spread = ((m - 1) ** 2 / m) * variance(withoutX) + ((n - 1) ** 2 / n) * variance(withoutY)
  return { value, se: Math.sqrt(spread) }
}
