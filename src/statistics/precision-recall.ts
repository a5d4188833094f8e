/** The precision-recall curve and its area as average precision. */
import { isCorner, type RocCurve } from "./roc.ts"
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
export const precisionRecall = (curve: RocCurve): ReadonlyArray<PrecisionRecallPoint> => {
  const { tp, fp, threshold, positives } = curve
  if (positives === 0) return []
  const points: Array<PrecisionRecallPoint> = []
  for (let at = 1; at < tp.length; at++) {
    if (!isCorner(curve, at)) continue
    points.push({ recall: tp[at]! / positives, precision: tp[at]! / (tp[at]! + fp[at]!), threshold: threshold[at]! })
  }
  return points
}
