/**
 * The data of an evaluation: what a model predicted, and what is measured on it. Everything here is encoded to canonical
 * JSON and cached, so no field is ever NaN or infinite: a quantity that the data leave undefined (the AUC of a single
 * class, the precision where nothing was called positive) is `null`.
 */
import * as Schema from "effect/Schema"

export const Label = Schema.Literals([0, 1])
export type Label = typeof Label.Type

export const Origin = Schema.Literals(["real", "synthetic"])
export type Origin = typeof Origin.Type

/**
 * One model's predictions on one set of images, as parallel columns of equal length n. `logit` is the raw output of the
 * model; the probability of class 1 is its sigmoid (`sigmoid` in `numeric.ts`). Ranks are taken on the logits, where
 * nothing saturates or is rounded. `group` is the patient, the lesion or the near-duplicate cluster.
 * `attributes` are columns to take subgroups by (site, sex, age band, source); `null` where unknown. The schema refuses
 * columns of unequal length, an id twice, and no rows at all.
 */
export const Predictions = Schema.Struct({
  id: Schema.Array(Schema.String),
  group: Schema.Array(Schema.String),
  origin: Schema.Array(Origin),
  label: Schema.Array(Label),
  logit: Schema.Array(Schema.Finite),
  attributes: Schema.optionalKey(Schema.Record(Schema.String, Schema.Array(Schema.NullOr(Schema.String))))
}).check(
  Schema.makeFilter(({ id, group, origin, label, logit, attributes = {} }) => {
    if (id.length === 0) return "expected at least one row of predictions"
    const lengths = Object.entries({ group, origin, label, logit, ...attributes })
    const odd = lengths.find(([, column]) => column.length !== id.length)
    if (odd !== undefined) return `expected ${id.length} values in column ${odd[0]}, got ${odd[1].length}`
    return new Set(id).size === id.length ? undefined : "expected every id once"
  })
)
export type Predictions = typeof Predictions.Type

/** A point estimate with a two-sided confidence interval (95 % unless the holder says otherwise). */
export const Estimate = Schema.Struct({ value: Schema.Finite, low: Schema.Finite, high: Schema.Finite })
export type Estimate = typeof Estimate.Type

/** `successes` of `trials`, with Wilson's interval. */
export const Proportion = Schema.Struct({
  successes: Schema.Int,
  trials: Schema.Int,
  value: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite
})
export type Proportion = typeof Proportion.Type

/** Counts at a threshold: a case is called positive when its logit is greater than or equal to it. */
export const Confusion = Schema.Struct({ tp: Schema.Int, fp: Schema.Int, tn: Schema.Int, fn: Schema.Int })
export type Confusion = typeof Confusion.Type

/**
 * The area under the ROC curve with DeLong's variance. `low`/`high`: the normal 95 % interval clipped to [0, 1] (as pROC
 * gives it). `logitLow`/`logitHigh`: the interval made on the logit scale, which stays inside (0, 1) and is the better one
 * near 1; `null` at an AUC of exactly 0 or 1. `variance` is `null` with fewer than two cases of a class, and then the
 * interval is [0, 1].
 */
export const Auc = Schema.Struct({
  value: Schema.Finite,
  variance: Schema.NullOr(Schema.Finite),
  low: Schema.Finite,
  high: Schema.Finite,
  logitLow: Schema.NullOr(Schema.Finite),
  logitHigh: Schema.NullOr(Schema.Finite)
})
export type Auc = typeof Auc.Type

/** A vertex of the ROC curve: calling positive what scores at least `threshold` (`null` on the first: call none). */
export const RocPoint = Schema.Struct({
  fpr: Schema.Finite,
  tpr: Schema.Finite,
  threshold: Schema.NullOr(Schema.Finite)
})
export type RocPoint = typeof RocPoint.Type

export const PrecisionRecallPoint = Schema.Struct({
  recall: Schema.Finite,
  precision: Schema.Finite,
  threshold: Schema.Finite
})
export type PrecisionRecallPoint = typeof PrecisionRecallPoint.Type

/** One bin of a reliability diagram over predicted probabilities [low, high]: `observed` is the share of positives. */
export const ReliabilityBin = Schema.Struct({
  low: Schema.Finite,
  high: Schema.Finite,
  count: Schema.Int,
  predicted: Schema.Finite,
  observed: Proportion
})
export type ReliabilityBin = typeof ReliabilityBin.Type

/** Brier score = reliability − resolution + uncertainty + within (the last: what binning hides; Stephenson et al. 2008). */
export const Brier = Schema.Struct({
  value: Schema.Finite,
  reliability: Schema.Finite,
  resolution: Schema.Finite,
  uncertainty: Schema.Finite,
  within: Schema.Finite
})
export type Brier = typeof Brier.Type

/** logit P(y = 1) = intercept + slope · logit: a well calibrated model has 0 and 1. */
export const Calibration = Schema.Struct({
  intercept: Schema.Finite,
  slope: Schema.Finite,
  interceptOnly: Schema.Finite
})
export type Calibration = typeof Calibration.Type

/** Net benefit at a threshold probability, of the model and of calling everyone positive (calling none is 0). */
export const NetBenefitPoint = Schema.Struct({ threshold: Schema.Finite, model: Schema.Finite, all: Schema.Finite })
export type NetBenefitPoint = typeof NetBenefitPoint.Type

export const SensitivityAt = Schema.Struct({ specificity: Schema.Finite, sensitivity: Schema.Finite })
export type SensitivityAt = typeof SensitivityAt.Type
export const SpecificityAt = Schema.Struct({ sensitivity: Schema.Finite, specificity: Schema.Finite })
export type SpecificityAt = typeof SpecificityAt.Type

/** Everything measured on one set of predictions of n images. Losses and scores are in nats and probabilities. */
export const BinaryMetrics = Schema.Struct({
  n: Schema.Int,
  positives: Schema.Int,
  /** Mean binary cross entropy, in nats. */
  loss: Schema.Finite,
  accuracy: Proportion,
  /** The threshold, as a logit, and as a probability. */
  threshold: Schema.Struct({ logit: Schema.Finite, probability: Schema.Finite }),
  confusion: Confusion,
  auc: Schema.NullOr(Auc),
  /** The area right of sensitivity 0.8, rescaled so that chance is 0.5 and perfection 1 (McClish 1989). */
  partialAuc: Schema.NullOr(Schema.Finite),
  averagePrecision: Schema.NullOr(Schema.Finite),
  balancedAccuracy: Schema.NullOr(Schema.Finite),
  f1: Schema.NullOr(Schema.Finite),
  mcc: Schema.NullOr(Schema.Finite),
  sensitivity: Schema.NullOr(Proportion),
  specificity: Schema.NullOr(Proportion),
  positivePredictiveValue: Schema.NullOr(Proportion),
  negativePredictiveValue: Schema.NullOr(Proportion),
  /** At specificity 0.80, 0.90, 0.95, and at sensitivity 0.80, 0.90, 0.95; empty with a single class. */
  sensitivityAtSpecificity: Schema.Array(SensitivityAt),
  specificityAtSensitivity: Schema.Array(SpecificityAt),
  brier: Brier,
  /** Expected calibration error in 15 bins. */
  ece: Schema.Struct({ equalWidth: Schema.Finite, equalMass: Schema.Finite }),
  /** `null` with a single class, or where the classes are separated and the fit has no maximum. */
  calibration: Schema.NullOr(Calibration),
  roc: Schema.Array(RocPoint),
  precisionRecall: Schema.Array(PrecisionRecallPoint),
  reliability: Schema.Array(ReliabilityBin),
  netBenefit: Schema.Array(NetBenefitPoint)
})
export type BinaryMetrics = typeof BinaryMetrics.Type
