/** A trained network and the real test split → predictions and metrics, pooled over all images. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import type { Row } from "../src/dataset/dataset.ts"
import { openPack } from "../src/image/pack.ts"
import { backendNames, openBackend } from "../src/model/backends/open.ts"
import { predict } from "../src/model/predict.ts"
import { calibrationLine, temperature } from "../src/statistics/calibration.ts"
import { evaluateBinary } from "../src/statistics/evaluate.ts"
import { youdenThreshold } from "../src/statistics/threshold.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Evaluation } from "./artifacts/evaluation.ts"
import { Model } from "./artifacts/model.ts"
import { Pack } from "./artifacts/pack.ts"
import { Split } from "./artifacts/split.ts"
import { attributesOf } from "./evaluate/attributes.ts"
import { imagesOf, rowsWithIds } from "./rows.ts"

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
  params: Schema.Struct({ backend: Schema.Literals(backendNames) }),
  inputs: { model: Stage.one(Model), evaluation: Stage.one(Pack), split: Stage.one(Split), real: Stage.one(Dataset) },
  output: Evaluation,
  run: Effect.fnUntraced(function* ({ params, inputs: { model, evaluation, split, real } }) {
    yield* openBackend(params.backend)
    const pack = yield* openPack(evaluation)
    const logitsOf = (rows: ReadonlyArray<Row>) =>
      Effect.map(predict(model.weights, imagesOf(pack, rows)), (logits) => Array.from(logits))
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
