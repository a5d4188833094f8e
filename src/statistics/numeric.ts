/** Small numerical helpers that keep their accuracy where the plain formula loses it. */

/** 1 / (1 + e^−x), without overflow on either side. */
export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}

/** ln(p / (1 − p)), the inverse of `sigmoid`; ±Infinity at 0 and 1. */
export const logit = (p: number): number => Math.log(p) - Math.log1p(-p)

/** ln(1 + e^x): the cross entropy, in nats, of calling a case with the opposite logit. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

export const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x))

/** Neumaier's compensated sum: the result does not depend visibly on the order of the terms. */
export const sum = (values: Iterable<number>): number => {
  let total = 0
  let lost = 0
  for (const value of values) {
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}

/** Arithmetic mean; NaN of nothing. */
export const mean = (values: ArrayLike<number> & Iterable<number>): number => sum(values) / values.length

/** Sample variance (divisor n − 1), in two passes; NaN with fewer than two values. */
export const variance = (values: ArrayLike<number> & Iterable<number>): number => {
  const center = mean(values)
  let squares = 0
  for (const value of values) squares += (value - center) ** 2
  return values.length < 2 ? Number.NaN : squares / (values.length - 1)
}

/** Quantile of values sorted upwards, linear between order statistics (type 7 of Hyndman & Fan 1996). */
export const quantile = (sorted: ArrayLike<number>, p: number): number => {
  const position = clamp(p, 0, 1) * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (position - below) * (high - low)
}

/** The value, or `null` where it is NaN or infinite: results are stored as JSON. */
export const finiteOrNull = (x: number): number | null => (Number.isFinite(x) ? x : null)
