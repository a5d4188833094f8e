/** Student's t distribution, for real degrees of freedom (Satterthwaite's approximation gives fractions). */
import { normalCdf, normalQuantile } from "./normal.ts"

/** ln Γ(x) for x > 0: the recurrence up to 10, then Stirling's series. */
export const logGamma = (x: number): number => {
  let shift = 0
  let y = x
  while (y < 10) shift += Math.log(y++)
  const r = 1 / (y * y)
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188))))) / y
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22, Lentz's method). */
export const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const tiny = 1e-300
  let c = 1
  let d = 1 / Math.max(Math.abs(1 - ((a + b) * x) / (a + 1)), tiny)
  let fraction = d
  for (let m = 1; m < 10_000; m++) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    ]) {
      d = 1 + numerator * d
      d = 1 / (Math.abs(d) < tiny ? tiny : d)
      c = 1 + numerator / c
      if (Math.abs(c) < tiny) c = tiny
      fraction *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return (front * fraction) / a
}

/** P(T ≤ t) with `df` > 0 degrees of freedom; the normal distribution where df is infinite or beyond 1e7. */
export const studentCdf = (t: number, df: number): number => {
  if (df > 1e7) return normalCdf(t)
  const tail = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5)
  return t > 0 ? 1 - tail : tail
}

/** The two-sided p of a t statistic. */
export const studentTwoSided = (t: number, df: number): number => 2 * studentCdf(-Math.abs(t), df)

/** The quantile of p in (0, 1), by bisection on the tail to full precision. */
export const studentQuantile = (p: number, df: number): number => {
  if (df > 1e7) return normalQuantile(p)
  if (p === 0.5) return 0
  if (p > 0.5) return -studentQuantile(1 - p, df)
  let low = -1
  while (studentCdf(low, df) > p) low *= 2
  let high = 0
  for (let step = 0; step < 200 && high - low > 1e-15 * Math.abs(low); step++) {
    const middle = (low + high) / 2
    if (studentCdf(middle, df) > p) high = middle
    else low = middle
  }
  return (low + high) / 2
}
