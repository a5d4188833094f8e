/** Measures at one threshold, and the choice of the threshold. */
import { rocCurve } from "./roc.ts"
import type { Confusion, Label } from "./types.ts"

/** Counts where a case is called positive when its logit is at least `threshold`. */
export const confusionAt = (labels: ReadonlyArray<Label>, logits: ArrayLike<number>, threshold: number): Confusion => {
  const counts = { tp: 0, fp: 0, tn: 0, fn: 0 }
  for (let row = 0; row < labels.length; row++) {
    const called = logits[row]! >= threshold
    if (labels[row] === 1) counts[called ? "tp" : "fn"]++
    else counts[called ? "fp" : "tn"]++
  }
  return counts
}

/** (sensitivity + specificity) / 2; `null` with a single class. */
export const balancedAccuracy = ({ tp, fp, tn, fn }: Confusion): number | null =>
  tp + fn === 0 || tn + fp === 0 ? null : (tp / (tp + fn) + tn / (tn + fp)) / 2

/** 2 tp / (2 tp + fp + fn); `null` where nothing is positive and nothing was called so. */
export const f1 = ({ tp, fp, fn }: Confusion): number | null =>
  tp + fp + fn === 0 ? null : (2 * tp) / (2 * tp + fp + fn)

/** Matthews' correlation coefficient of labels and calls; `null` where either is constant. */
export const mcc = ({ tp, fp, tn, fn }: Confusion): number | null => {
  const spread = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn)
  return spread === 0 ? null : (tp * tn - fp * fn) / spread
}

/**
 * The threshold, as a logit, of the greatest sensitivity + specificity − 1 (Youden 1950, Cancer 3:32): to be chosen on
 * validation and used on test. Midway between the two scores that it separates; of several equally good ones the one with
 * the most sensitivity, since a missed melanoma costs more. 0 (probability one half) with a single class.
 */
export const youdenThreshold = (labels: ReadonlyArray<Label>, logits: ArrayLike<number>): number => {
  const { tp, fp, threshold, positives, negatives } = rocCurve(labels, logits)
  if (positives === 0 || negatives === 0) return 0
  let best = 0
  let most = Number.NEGATIVE_INFINITY
  for (let at = 0; at < tp.length; at++) {
    // J times both counts: an integer, so that ties are ties.
    const j = tp[at]! * negatives - fp[at]! * positives
    if (j >= most) {
      most = j
      best = at
    }
  }
  const score = threshold[best]!
  const middle = (score + (threshold[best + 1] ?? score)) / 2
  return middle > (threshold[best + 1] ?? Number.NEGATIVE_INFINITY) ? middle : score
}
