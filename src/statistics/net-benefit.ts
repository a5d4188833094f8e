/** Decision curves. */
import type { Label, NetBenefitPoint } from "./types.ts"

/** Threshold probabilities 0.01 … 0.50: from "excise at any doubt" to "excise when more likely than not". */
export const NET_BENEFIT_THRESHOLDS: ReadonlyArray<number> = Array.from({ length: 50 }, (_, at) => (at + 1) / 100)

/**
 * Net benefit tp/n − fp/n · t/(1 − t) of treating those with probability ≥ t, beside that of treating all; treating none
 * is 0 (Vickers & Elkin 2006, Medical Decision Making 26:565).
 */
export const netBenefit = (
  labels: ReadonlyArray<Label>,
  probabilities: ReadonlyArray<number>,
  thresholds: ReadonlyArray<number> = NET_BENEFIT_THRESHOLDS
): ReadonlyArray<NetBenefitPoint> => {
  const n = labels.length
  const rate = labels.filter((label) => label === 1).length / n
  return thresholds.map((threshold) => {
    const odds = threshold / (1 - threshold)
    let [tp, fp] = [0, 0]
    for (let row = 0; row < n; row++) {
      if (probabilities[row]! < threshold) continue
      if (labels[row] === 1) tp++
      else fp++
    }
    return { threshold, model: tp / n - (fp / n) * odds, all: rate - (1 - rate) * odds }
  })
}
