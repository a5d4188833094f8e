/** The precision-recall curve and its area as average precision. */
import type { RocCurve } from "./roc.ts"
import type { PrecisionRecallPoint } from "./types.ts"

/**
 * Average precision Σₖ (Rₖ − Rₖ₋₁) Pₖ over the distinct thresholds, from high to low: the area without interpolation,
 * which would be too kind (Davis & Goadrich 2006). `null` without positives.
 */
export const averagePrecision = ({ tp, fp, positives }: RocCurve): number | null => {
  if (positives === 0) return null
  let area = 0
  for (let at = 1; at < tp.length; at++) {
    area += ((tp[at]! - tp[at - 1]!) / positives) * (tp[at]! / (tp[at]! + fp[at]!))
  }
  return area
}

/** The points of the curve at the corners of the ROC curve, recall ascending. Empty without positives. */
export const precisionRecall = ({ tp, fp, threshold, positives }: RocCurve): ReadonlyArray<PrecisionRecallPoint> => {
  if (positives === 0) return []
  const points: Array<PrecisionRecallPoint> = []
  for (let at = 1; at < tp.length; at++) {
    const straight =
      at < tp.length - 1 &&
      (tp[at]! - tp[at - 1]!) * (fp[at + 1]! - fp[at]!) === (tp[at + 1]! - tp[at]!) * (fp[at]! - fp[at - 1]!)
    if (straight) continue
    points.push({ recall: tp[at]! / positives, precision: tp[at]! / (tp[at]! + fp[at]!), threshold: threshold[at]! })
  }
  return points
}
