import * as Schema from "effect/Schema"
import * as Artifact from "../../src/dag/artifact.ts"
import { BinaryMetrics, Predictions } from "../../src/statistics/types.ts"

const EvaluationSchema = /*#__PURE__*/ Schema.Struct({
  /** A logit, chosen on the validation split: the greatest sensitivity + specificity (`youdenThreshold`). */
  threshold: Schema.Finite,
  /** T of the validation split: sigmoid(logit / T) is the calibrated probability of a single image (`predict`). */
  temperature: Schema.Finite,
  /** The test split, in the order of the split. */
  predictions: Predictions,
  metrics: BinaryMetrics
})

/** What one trained model predicts of the real test split, and what was measured on it. */
export const Evaluation = /*#__PURE__*/ Artifact.json("Evaluation", EvaluationSchema)
