/** What a test set could show at all. */
import type { Detectable } from "./comparison-types.ts"
import { normalQuantile } from "./normal.ts"

/**
 * Standard error of an AUC A with m positives and n negatives: √([A(1−A) + (m−1)(Q₁−A²) + (n−1)(Q₂−A²)] / mn) with
 * Q₁ = A/(2−A), Q₂ = 2A²/(1+A) (Hanley & McNeil 1982, Radiology 143:29).
 */
export const hanleyMcNeil = (auc: number, positives: number, negatives: number): number => {
  const q1 = auc / (2 - auc)
  const q2 = (2 * auc * auc) / (1 + auc)
  const numerator = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc)
  return Math.sqrt(Math.max(0, numerator) / (positives * negatives))
}

/**
 * The smallest difference of two paired AUCs, each near `auc` and correlated by `correlation`, that a two-sided test would
 * find: (z_{1−α/2} + z_power) √(2 se² (1 − ρ) D), D the design effect of several images a group (1: none). One training run
 * an arm.
 */
export const minimalDetectable = (input: {
  readonly auc: number
  readonly positives: number
  readonly negatives: number
  readonly correlation: number
  readonly designEffect?: number
  readonly power?: number
  readonly alpha?: number
}): Detectable => {
  const { auc, positives, negatives, correlation, designEffect = 1, power = 0.8, alpha = 0.05 } = input
  const variance = 2 * hanleyMcNeil(auc, positives, negatives) ** 2 * (1 - correlation) * designEffect
  const delta = (normalQuantile(1 - alpha / 2) + normalQuantile(power)) * Math.sqrt(variance)
  return {
    delta,
    power,
    alpha,
    sentence:
      `With ${positives} positive and ${negatives} negative images this test set cannot see effects under ` +
      `${delta.toFixed(3)} AUC (${Math.round(100 * power)} % power, two-sided alpha ${alpha}, one run an arm).`
  }
}
