/** A trained network and the real test split → predictions and metrics, pooled over all images. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import type { Row } from "../src/dataset/dataset.ts"
import { backendNames, openBackend } from "../src/model/backends/open.ts"
import { predict } from "../src/model/predict.ts"
import { dihedral, predictMean } from "../src/model/test-time.ts"
import { calibrationLine, temperature } from "../src/statistics/calibration.ts"
import { evaluateBinary } from "../src/statistics/evaluate.ts"
import { youdenThreshold } from "../src/statistics/threshold.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Evaluation } from "./artifacts/evaluation.ts"
import { Features } from "./artifacts/features.ts"
import { Model } from "./artifacts/model.ts"
import { Pack } from "./artifacts/pack.ts"
import { Split } from "./artifacts/split.ts"
import { attributesOf } from "./evaluate/attributes.ts"
import { rowsWithIds, sourceOf } from "./rows.ts"

const predictions = (rows: ReadonlyArray<Row>, logit: ReadonlyArray<number>) => ({
  id: rows.map((row) => row.id),
  group: rows.map((row) => row.group),
  origin: rows.map((row) => row.origin),
  label: rows.map((row) => row.label),
  logit,
  attributes: attributesOf(rows)
})

export const evaluate = Stage.make({
  name: "evaluate",
  module: import.meta.url,
  params: Schema.Struct({
    backend: Schema.Literals(backendNames),
    /** dihedral: the mean logit of each image under the eight symmetries of the square. */
    testTime: Schema.Literals(["none", "dihedral"])
  }),
  inputs: {
    model: Stage.one(Model),
    evaluation: Stage.optional(Pack),
    /** In place of the images, without test-time augmentation. */
    features: Stage.optional(Features),
    split: Stage.one(Split),
    real: Stage.one(Dataset)
  },
  output: Evaluation,
  run: Effect.fnUntraced(function* ({ params, inputs: { model, evaluation, features, split, real } }) {
    yield* openBackend(params.backend)
    const logitsOf = Effect.fnUntraced(function* (rows: ReadonlyArray<Row>) {
      const source = yield* sourceOf(evaluation, features, rows)
      const several = params.testTime === "dihedral" && "side" in source
      return Array.from(yield* several ? predictMean(model.weights, dihedral(source)) : predict(model.weights, source))
    })
    const validation = rowsWithIds(real.rows, split.validation)
    const test = rowsWithIds(real.rows, split.test)
    const labels = validation.map(({ label }) => label)
    const logits = yield* logitsOf(validation)
    const threshold = youdenThreshold(labels, logits)
    const found = predictions(test, yield* logitsOf(test))
    return {
      threshold,
      // Where the logits separate the classes the best temperature is 0: probabilities of 0 and 1 from a few images.
      temperature: calibrationLine(labels, logits) === null ? 1 : temperature(labels, logits),
      predictions: found,
      metrics: evaluateBinary(found, threshold)
    }
  })
})
