/** What forbids a verdict, however clear the figures of a pair are: they say nothing then of the images that were added. */
import type { ArmResult } from "./comparison-types.ts"

/** An arm learned where the interval of its mean AUC lies above 0.5, the AUC of a coin. */
export const learned = ({ auc }: ArmResult): boolean => auc !== null && auc.low > 0.5

/** "0.487 (0.247 to 0.728)" */
export const aucText = ({ auc }: ArmResult): string =>
  auc === null ? "not defined" : `${auc.mean.toFixed(3)} (${auc.low.toFixed(3)} to ${auc.high.toFixed(3)})`

/**
 * The reason, or `null`. One seed: a difference may be one of two training runs of the same arm. No arm learned: a
 * difference is one of two coins. A reference at 0.5 alone forbids nothing: images from which a network learns what the
 * real ones do not teach have helped.
 */
export const inconclusive = (arm: ArmResult, reference: ArmResult): string | null => {
  if (arm.seeds.length === 1) {
    return "one seed, so how much training runs differ is not known (give at least 2, better 5)"
  }
  if (learned(arm) || learned(reference)) return null
  return `the reference network did not learn, AUC ${aucText(reference)}, nor did "${arm.arm}", ${aucText(arm)}`
}
