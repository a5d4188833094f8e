/** The standard normal distribution to nearly double precision. */

const SQRT_2PI = Math.sqrt(2 * Math.PI)

export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / SQRT_2PI

/**
 * P(Z > x) for x ≥ 0. Near 0 by the series Φ(x) − 1/2 = φ(x) (x + x³/3 + x⁵/15 + …); in the tail by Laplace's continued
 * fraction for Mills' ratio (Abramowitz & Stegun 26.2.11 and 26.2.14), so that small tails keep their relative accuracy.
 */
const upperTail = (x: number): number => {
  if (x > 40) return 0
  if (x < 3) {
    let term = x
    let series = x
    for (let k = 3; term > series * 1e-17; k += 2) {
      term *= (x * x) / k
      series += term
    }
    return 0.5 - normalDensity(x) * series
  }
  let fraction = 0
  for (let k = 160; k >= 1; k--) fraction = k / (x + fraction)
  return normalDensity(x) / (x + fraction)
}

/** Φ(x) = P(Z ≤ x). */
export const normalCdf = (x: number): number => {
  if (Number.isNaN(x)) return Number.NaN
  return x > 0 ? 1 - upperTail(x) : upperTail(-x)
}

/** The two-sided p of a normal test statistic, 2 Φ(−|z|). */
export const twoSided = (z: number): number => 2 * normalCdf(-Math.abs(z))

/** Starting value for the lower tail, |error| < 4.5e-4: Abramowitz & Stegun 26.2.23. */
const roughQuantile = (p: number): number => {
  const t = Math.sqrt(-2 * Math.log(p))
  return (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t) - t
}

/** Φ⁻¹(p): a rational start, then three of Halley's steps, each of which triples the digits. ±Infinity at 0 and 1. */
export const normalQuantile = (p: number): number => {
  if (p === 0.5) return 0
  if (p > 0.5) return -normalQuantile(1 - p)
  if (p <= 0) return p === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  let x = roughQuantile(p)
  for (let step = 0; step < 3; step++) {
    const u = (normalCdf(x) - p) / normalDensity(x)
    x -= u / (1 + (x * u) / 2)
  }
  return x
}
