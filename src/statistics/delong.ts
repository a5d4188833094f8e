/**
 * The area under the ROC curve with its variance and the paired test of two areas.
 *
 * With ψ(x, y) = 1 for x > y, 1/2 for x = y, else 0, of a positive's score x and a negative's y:
 * AUC = mean ψ; V10ᵢ = meanⱼ ψ(xᵢ, yⱼ); V01ⱼ = meanᵢ ψ(xᵢ, yⱼ); var = s²(V10)/m + s²(V01)/n for m positives and n
 * negatives (DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837). V10 and V01 come from mid-ranks in O(N log N):
 * V10 = (T_Z − T_X)/n, V01 = 1 − (T_Z − T_Y)/m (Sun & Xu 2014, IEEE Signal Processing Letters 21:1389).
 *
 * The cases are taken as independent: where a patient has several images, use `bootstrap.ts`.
 */

import type { PairedDeLong } from "./comparison-types.ts"
import { normalQuantile, twoSided } from "./normal.ts"
import { clamp, logit, mean, sigmoid, variance } from "./numeric.ts"
import { midRanks } from "./ranks.ts"
import type { Auc, Label } from "./types.ts"

/** AUC and its structural components: `positives` (V10, length m) and `negatives` (V01, length n), in order of the rows. */
export interface Placements {
  readonly auc: number
  readonly positives: Float64Array
  readonly negatives: Float64Array
}

/** The structural components of `scores` (length of `labels`). The AUC is NaN with a single class. */
export const placements = (labels: ReadonlyArray<Label>, scores: ArrayLike<number>): Placements => {
  const x: Array<number> = []
  const y: Array<number> = []
  for (let row = 0; row < labels.length; row++) (labels[row] === 1 ? x : y).push(scores[row]!)
  const all = midRanks([...x, ...y])
  const within = midRanks(x)
  const without = midRanks(y)
  const positives = within.map((rank, i) => (all[i]! - rank) / y.length)
  const negatives = without.map((rank, j) => 1 - (all[x.length + j]! - rank) / x.length)
  return { auc: y.length === 0 ? Number.NaN : mean(positives), positives, negatives }
}

/** DeLong's variance; NaN with fewer than two cases of a class. */
export const delongVariance = (p: Placements): number =>
  variance(p.positives) / p.positives.length + variance(p.negatives) / p.negatives.length

const covariance = (a: Float64Array, b: Float64Array): number => {
  const centerA = mean(a)
  const centerB = mean(b)
  let products = 0
  for (let i = 0; i < a.length; i++) products += (a[i]! - centerA) * (b[i]! - centerB)
  return a.length < 2 ? Number.NaN : products / (a.length - 1)
}

/** DeLong's covariance of two AUCs on the same cases in the same order. */
export const delongCovariance = (a: Placements, b: Placements): number =>
  covariance(a.positives, b.positives) / a.positives.length + covariance(a.negatives, b.negatives) / a.negatives.length

/** The normal interval auc ± z·se, clipped to [0, 1]. */
export const aucInterval = (auc: number, variance: number, level = 0.95): { low: number; high: number } => {
  const reach = normalQuantile(0.5 + level / 2) * Math.sqrt(variance)
  return { low: clamp(auc - reach, 0, 1), high: clamp(auc + reach, 0, 1) }
}

/** The interval made on the logit scale, where se(logit A) = se(A) / (A (1 − A)) by the delta method (Pepe 2003, 5.2). */
export const aucLogitInterval = (auc: number, variance: number, level = 0.95): { low: number; high: number } => {
  const reach = (normalQuantile(0.5 + level / 2) * Math.sqrt(variance)) / (auc * (1 - auc))
  return { low: sigmoid(logit(auc) - reach), high: sigmoid(logit(auc) + reach) }
}

/** AUC with DeLong's variance and intervals; `null` with a single class. */
export const auc = (labels: ReadonlyArray<Label>, scores: ArrayLike<number>, level = 0.95): Auc | null => {
  const p = placements(labels, scores)
  if (Number.isNaN(p.auc)) return null
  const spread = delongVariance(p)
  if (Number.isNaN(spread)) {
    return { value: p.auc, variance: null, low: 0, high: 1, logitLow: null, logitHigh: null }
  }
  const inner = p.auc > 0 && p.auc < 1 ? aucLogitInterval(p.auc, spread, level) : null
  return {
    value: p.auc,
    variance: spread,
    ...aucInterval(p.auc, spread, level),
    logitLow: inner?.low ?? null,
    logitHigh: inner?.high ?? null
  }
}

/**
 * The paired test of AUC(arm) − AUC(reference) on the same cases: z = Δ / √(V_a + V_b − 2 C_ab), two-sided p from the
 * normal distribution, and the interval is cut to [-1, 1], where a difference of areas can lie. Equal areas with no variance at all have z = 0 and p = 1; where only the variance is 0, or a class
 * has fewer than two cases, z and p are `null`.
 */
export const pairedDeLong = (
  labels: ReadonlyArray<Label>,
  arm: ArrayLike<number>,
  reference: ArrayLike<number>,
  level = 0.95
): PairedDeLong | null => {
  const a = placements(labels, arm)
  const b = placements(labels, reference)
  if (Number.isNaN(a.auc)) return null
  const delta = a.auc - b.auc
  const square = delongVariance({
    auc: delta,
    positives: a.positives.map((v, i) => v - b.positives[i]!),
    negatives: a.negatives.map((v, j) => v - b.negatives[j]!)
  })
  if (Number.isNaN(square)) {
    return { delta, se: null, z: null, p: null, low: null, high: null, correlation: null }
  }
  const se = Math.sqrt(square)
  const reach = normalQuantile(0.5 + level / 2) * se
  const z = se > 0 ? delta / se : delta === 0 ? 0 : null
  const spread = Math.sqrt(delongVariance(a) * delongVariance(b))
  return {
    delta,
    se,
    z,
    p: z === null ? null : twoSided(z),
    low: clamp(delta - reach, -1, 1),
    high: clamp(delta + reach, -1, 1),
    correlation: spread > 0 ? clamp(delongCovariance(a, b) / spread, -1, 1) : null
  }
}
