/**
 * The receiver operating characteristic. A case is called positive when its score is at least the threshold; every
 * distinct score is a threshold, so ties are one step of the curve (a slanted one).
 */
import { ascending } from "./ranks.ts"
import type { Label, RocPoint } from "./types.ts"

/** The points of the curve from (0, 0) to (1, 1), with their counts. */
export interface RocCurve {
  readonly positives: number
  readonly negatives: number
  /** Descending; the first is +Infinity, which calls nothing positive. */
  readonly threshold: Float64Array
  /** Cases called positive, truly and falsely. */
  readonly tp: Uint32Array
  readonly fp: Uint32Array
}

/** The empirical ROC curve, one point for each distinct score. */
export const rocCurve = (labels: ReadonlyArray<Label>, scores: ArrayLike<number>): RocCurve => {
  const order = ascending(scores)
  const thresholds = [Number.POSITIVE_INFINITY]
  const tps = [0]
  const fps = [0]
  let tp = 0
  let fp = 0
  for (let at = order.length - 1; at >= 0; at--) {
    const score = scores[order[at]!]!
    if (labels[order[at]!] === 1) tp++
    else fp++
    if (at > 0 && scores[order[at - 1]!] === score) continue
    thresholds.push(score)
    tps.push(tp)
    fps.push(fp)
  }
  return {
    positives: tp,
    negatives: fp,
    threshold: Float64Array.from(thresholds),
    tp: Uint32Array.from(tps),
    fp: Uint32Array.from(fps)
  }
}

/** Whether a point is an end of the curve or not on the straight line between its neighbours. */
export const isCorner = ({ tp, fp }: RocCurve, at: number): boolean =>
  at === 0 ||
  at === tp.length - 1 ||
  (tp[at]! - tp[at - 1]!) * (fp[at + 1]! - fp[at]!) !== (tp[at + 1]! - tp[at]!) * (fp[at]! - fp[at - 1]!)

/** The corners of the curve as rates. */
export const rocVertices = (curve: RocCurve): ReadonlyArray<RocPoint> => {
  const { tp, fp, threshold, positives, negatives } = curve
  const points: Array<RocPoint> = []
  for (let at = 0; at < tp.length; at++) {
    if (!isCorner(curve, at)) continue
    const score = threshold[at]!
    points.push({
      fpr: negatives === 0 ? 0 : fp[at]! / negatives,
      tpr: positives === 0 ? 0 : tp[at]! / positives,
      threshold: Number.isFinite(score) ? score : null
    })
  }
  return points
}

/** The best y that a monotone chain of points reaches at exactly x, else the line between the two points about x. */
const interpolate = (xs: ReadonlyArray<number>, ys: ReadonlyArray<number>, x: number): number => {
  const exact = xs.indexOf(x)
  if (exact >= 0) return ys[exact]!
  const next = xs.findIndex((value) => value > x)
  const share = (x - xs[next]!) / (xs[next - 1]! - xs[next]!)
  return ys[next]! + share * (ys[next - 1]! - ys[next]!)
}

/**
 * Sensitivity at a given specificity in [0, 1]: the highest of the points with exactly that specificity; else linear
 * between the two points about it (as `coords(roc, x, input = "specificity")` of pROC). NaN with a single class.
 */
export const sensitivityAtSpecificity = (curve: RocCurve, specificity: number): number => {
  if (curve.positives === 0 || curve.negatives === 0) return Number.NaN
  const sp = Array.from(curve.fp, (fp) => (curve.negatives - fp) / curve.negatives).reverse()
  const se = Array.from(curve.tp, (tp) => tp / curve.positives).reverse()
  return interpolate(sp, se, specificity)
}

/** Specificity at a given sensitivity, by the same rule with the axes exchanged. NaN with a single class. */
export const specificityAtSensitivity = (curve: RocCurve, sensitivity: number): number => {
  if (curve.positives === 0 || curve.negatives === 0) return Number.NaN
  const sp = Array.from(curve.fp, (fp) => (curve.negatives - fp) / curve.negatives)
  const se = Array.from(curve.tp, (tp) => tp / curve.positives)
  return interpolate(se, sp, sensitivity)
}

/**
 * The partial area where the sensitivity is at least `floor`: ∫ specificity d(sensitivity) over [floor, 1], in its plain
 * form (`area`, at most 1 − floor) and rescaled so that chance is 0.5 and perfection 1 (`corrected`; McClish 1989,
 * "Analyzing a portion of the ROC curve"). NaN with a single class.
 */
export const partialAuc = (curve: RocCurve, floor: number): { readonly area: number; readonly corrected: number } => {
  const { positives, negatives, tp, fp } = curve
  if (positives === 0 || negatives === 0) return { area: Number.NaN, corrected: Number.NaN }
  let area = 0
  for (let at = 1; at < tp.length; at++) {
    const from = tp[at - 1]! / positives
    const to = tp[at]! / positives
    if (to <= floor || to === from) continue
    const spFrom = 1 - fp[at - 1]! / negatives
    const spTo = 1 - fp[at]! / negatives
    const start = Math.max(from, floor)
    const spStart = spFrom + ((start - from) / (to - from)) * (spTo - spFrom)
    area += ((spStart + spTo) / 2) * (to - start)
  }
  const chance = (1 - floor) ** 2 / 2
  return { area, corrected: (1 + (area - chance) / (1 - floor - chance)) / 2 }
}
