/** Proportions and the exact test of paired ones. */

import type { McNemar } from "./comparison-types.ts"
import { normalQuantile } from "./normal.ts"
import { clamp } from "./numeric.ts"
import { incompleteBeta } from "./student.ts"
import type { Proportion } from "./types.ts"

/**
 * A proportion with Wilson's score interval: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n) (Wilson 1927, JASA
 * 22:209). `null` of no trials.
 */
export const wilson = (successes: number, trials: number, level = 0.95): Proportion | null => {
  if (trials === 0) return null
  const z2 = normalQuantile(0.5 + level / 2) ** 2
  const p = successes / trials
  const center = p + z2 / (2 * trials)
  const reach = Math.sqrt(z2 * ((p * (1 - p)) / trials + z2 / (4 * trials * trials)))
  const scale = 1 + z2 / trials
  return {
    successes,
    trials,
    value: p,
    low: successes === 0 ? 0 : clamp((center - reach) / scale, 0, p),
    high: successes === trials ? 1 : clamp((center + reach) / scale, p, 1)
  }
}

/**
 * McNemar's exact test of two classifiers on the same cases: of the b + c cases that just one has right, each is as likely
 * either's: p = min(1, 2 P(Binomial(b + c, 1/2) ≤ min(b, c))) (McNemar 1947, Psychometrika 12:153). p = 1 without any.
 */
export const mcnemar = (armRight: ReadonlyArray<boolean>, referenceRight: ReadonlyArray<boolean>): McNemar => {
  let armOnly = 0
  let referenceOnly = 0
  for (let row = 0; row < armRight.length; row++) {
    if (armRight[row] && !referenceRight[row]) armOnly++
    if (!armRight[row] && referenceRight[row]) referenceOnly++
  }
  const fewer = Math.min(armOnly, referenceOnly)
  // The binomial tail as an incomplete beta function: P(Bin(n, 1/2) ≤ k) = I_{1/2}(n − k, k + 1).
  const tail = incompleteBeta(0.5, armOnly + referenceOnly - fewer, fewer + 1)
  return { armOnly, referenceOnly, p: armOnly === referenceOnly ? 1 : Math.min(1, 2 * tail) }
}
