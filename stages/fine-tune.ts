/**
 * Packs, or features in their place, and weights → the best epoch's weights and the history. Resumes from its
 * trajectory's checkpoint.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Checkpoint, Progress } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { backendNames, openBackend } from "../src/model/backends/open.ts"
import { fineTune as train } from "../src/model/fine-tune.ts"
import type { EpochRecord, Metrics } from "../src/model/training/history.ts"
import { FineTuneOptions } from "../src/model/training/options.ts"
import { Audit } from "./artifacts/audit.ts"
import { Balance } from "./artifacts/balance.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Features } from "./artifacts/features.ts"
import { Model } from "./artifacts/model.ts"
import { Pack } from "./artifacts/pack.ts"
import { Split } from "./artifacts/split.ts"
import { Statistics } from "./artifacts/statistics.ts"
import { Weights } from "./artifacts/weights.ts"
import { rowsWithIds, sourceOf } from "./rows.ts"

const figures = ({ loss, accuracy, auc }: Metrics) => ({ loss, accuracy, ...(auc === null ? {} : { AUC: auc }) })

export const fineTune = Stage.make({
  name: "fine-tune",
  module: import.meta.url,
  params: Schema.Struct({ ...FineTuneOptions.fields, backend: Schema.Literals(backendNames) }),
  inputs: {
    /** Nothing is trained before the images are known to be comparable. */
    audit: Stage.optional(Audit),
    balance: Stage.one(Balance),
    /** Rendered images, or what the frozen trunk makes of them: one of the two. */
    training: Stage.optional(Pack),
    evaluation: Stage.optional(Pack),
    trainingFeatures: Stage.optional(Features),
    evaluationFeatures: Stage.optional(Features),
    split: Stage.one(Split),
    real: Stage.one(Dataset),
    weights: Stage.optional(Weights),
    statistics: Stage.optional(Statistics)
  },
  output: Model,
  horizon: ["epochs", "patience"],
  run: Effect.fnUntraced(function* ({ params: { backend, ...options }, inputs }) {
    const progress = yield* Progress
    const checkpoint = yield* Checkpoint
    yield* openBackend(backend)
    const { balance, split, real } = inputs
    const validation = rowsWithIds(real.rows, split.validation)
    let latest: number | undefined
    const report = (epoch: number, step: number, steps: number, ended?: EpochRecord) =>
      progress.report({
        completed: (epoch - 1) * steps + step,
        total: options.epochs * steps,
        unit: "steps",
        metrics: { epoch, ...(latest === undefined ? {} : { loss: latest }) },
        ...(ended && { results: { train: figures(ended.train), validation: figures(ended.validation) } })
      })
    const { weights, history, bestEpoch, stoppedEarly } = yield* train(
      { ...options, epochLength: balance.epochLength, positiveWeight: balance.positiveWeight },
      {
        images: yield* sourceOf(inputs.training, inputs.trainingFeatures, balance.rows),
        labels: balance.rows.map(({ label }) => label),
        // Rows that weigh alike are shown in shuffled passes, each once before any twice.
        ...(new Set(balance.rows.map(({ weight }) => weight.toPrecision(9))).size > 1
          ? { weights: balance.rows.map(({ weight }) => weight) }
          : {})
      },
      {
        images: yield* sourceOf(inputs.evaluation, inputs.evaluationFeatures, validation),
        labels: validation.map(({ label }) => label)
      },
      {
        checkpoint,
        statistics: inputs.statistics,
        ...(inputs.weights === undefined ? {} : { pretrained: inputs.weights }),
        onEpoch: (record, steps) => report(record.epoch, steps, steps, record),
        onStep: ({ epoch, step, steps, loss }) => {
          latest = loss
          return report(epoch, step, steps)
        }
      }
    )
    return { weights, history, bestEpoch, stoppedEarly }
  })
})
