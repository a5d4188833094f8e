/** All measures of one model on one set of images. */
import { calibrationLine } from "./calibration.ts"
import { auc } from "./delong.ts"
import { netBenefit } from "./net-benefit.ts"
import { sigmoid } from "./numeric.ts"
import { averagePrecision, precisionRecall } from "./precision-recall.ts"
import { wilson } from "./proportion.ts"
import { partialAuc, rocCurve, rocVertices, sensitivityAtSpecificity, specificityAtSensitivity } from "./roc.ts"
import { brier, equalMassBins, equalWidthBins, expectedCalibrationError, logLoss, reliabilityBins } from "./scoring.ts"
import { balancedAccuracy, confusionAt, f1, mcc } from "./threshold.ts"
import type { BinaryMetrics, Predictions } from "./types.ts"

const BINS = 15
const LEVELS = [0.8, 0.9, 0.95]

/** The area over sensitivities from here up is the one of use where a missed melanoma is the costly mistake. */
const PARTIAL_FROM = 0.8

/**
 * Measures n ≥ 1 pooled predictions. `threshold` is a logit, chosen on other images (`youdenThreshold` on validation):
 * a case is called positive when its logit is at least that. All ranks are taken on the logits as they are.
 */
export const evaluateBinary = (predictions: Pick<Predictions, "label" | "logit">, threshold: number): BinaryMetrics => {
  const { label, logit } = predictions
  const n = label.length
  const probability = logit.map(sigmoid)
  const curve = rocCurve(label, logit)
  const confusion = confusionAt(label, logit, threshold)
  const { tp, fp, tn, fn } = confusion
  const widths = equalWidthBins(probability, BINS)
  const bothClasses = curve.positives > 0 && curve.negatives > 0
  return {
    n,
    positives: curve.positives,
    loss: logLoss(label, logit),
    accuracy: wilson(tp + tn, n)!,
    threshold: { logit: threshold, probability: sigmoid(threshold) },
    confusion,
    auc: auc(label, logit),
    partialAuc: bothClasses ? partialAuc(curve, PARTIAL_FROM).corrected : null,
    averagePrecision: averagePrecision(curve),
    balancedAccuracy: balancedAccuracy(confusion),
    f1: f1(confusion),
    mcc: mcc(confusion),
    sensitivity: wilson(tp, tp + fn),
    specificity: wilson(tn, tn + fp),
    positivePredictiveValue: wilson(tp, tp + fp),
    negativePredictiveValue: wilson(tn, tn + fn),
    sensitivityAtSpecificity: bothClasses
      ? LEVELS.map((specificity) => ({ specificity, sensitivity: sensitivityAtSpecificity(curve, specificity) }))
      : [],
    specificityAtSensitivity: bothClasses
      ? LEVELS.map((sensitivity) => ({ sensitivity, specificity: specificityAtSensitivity(curve, sensitivity) }))
      : [],
    brier: brier(label, probability, widths),
    ece: {
      equalWidth: expectedCalibrationError(label, probability, widths),
      equalMass: expectedCalibrationError(label, probability, equalMassBins(probability, BINS))
    },
    calibration: calibrationLine(label, logit),
    roc: bothClasses ? rocVertices(curve) : [],
    precisionRecall: precisionRecall(curve),
    reliability: reliabilityBins(label, probability, widths),
    netBenefit: netBenefit(label, probability)
  }
}
