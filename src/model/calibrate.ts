/** Precise batch norm, for the policy `adapt`: statistics estimated once on the new images, and fixed from then on. */
import * as Effect from "effect/Effect"
import { layersOf, through } from "./architecture/forward.ts"
import { batchMode, type Observed } from "./architecture/modes.ts"
import { type NetworkSettings, networkPlan } from "./architecture/network.ts"
import { type ImageSource, inputBatch } from "./data.ts"
import type { WeightFileError } from "./errors.ts"
import { breathe } from "./predict.ts"
import type * as tf from "./tf.ts"
import { batches, epochDraws } from "./training/order.ts"
import { createModel, disposeModel, keeping, type Model, updateRunning, weightsOf } from "./training/step.ts"
import { initialValues, type Pretrained } from "./weights/pretrained.ts"
import { bodyStatistics, encodeStatistics } from "./weights/statistics.ts"

export interface CalibrateOptions extends NetworkSettings {
  readonly seed: number
  readonly batchSize: number
  /** Images to estimate from; all rows once where there are fewer. */
  readonly images: number
}

type OnBatch = (done: number, total: number) => Effect.Effect<void>

const estimate = (model: Model, options: CalibrateOptions, images: ImageSource, onBatch: OnBatch) =>
  Effect.gen(function* () {
    const { plan } = model
    const length = Math.max(2, Math.min(images.size, options.images))
    const draws = batches(epochDraws({ images, labels: [] }, options.seed, 0, length), options.batchSize)
    for (const [index, some] of draws.entries()) {
      const observed: Array<Observed> = []
      const mode = batchMode(plan.properties.epsilon, (record) => observed.push(record), keeping)
      const { x } = inputBatch(images, some, plan.properties)
      const weights = weightsOf(model)
      const layers = layersOf(plan).map((layer) => (x: tf.Tensor4D) => layer(mode, weights, x))
      through(layers, x).dispose()
      x.dispose()
      // Momentum 1 / n makes the running value the mean of the n batches so far.
      updateRunning(model, observed, 1 / (index + 1))
      yield* onBatch(index + 1, draws.length)
      yield* breathe
    }
    const values = new Map<string, Float32Array>()
    for (const { name } of bodyStatistics(plan)) {
      values.set(name, (yield* Effect.promise(() => model.tensors.get(name)!.data())) as Float32Array)
    }
    return encodeStatistics(plan, values)
  })

/**
 * The plain average of batch statistics over training-mode passes with nothing dropped, instead of an exponential one
 * (Wu and Johnson 2021, "Rethinking 'Batch' in BatchNorm", section 3). Returns a file of statistics for
 * `withStatistics`. A backend must be open.
 */
export const calibrate = (
  options: CalibrateOptions,
  pretrained: Pretrained,
  images: ImageSource,
  onBatch: OnBatch = () => Effect.void
): Effect.Effect<Uint8Array, WeightFileError> =>
  Effect.gen(function* () {
    const plan = networkPlan(options)
    const values = yield* initialValues(plan, options.seed, pretrained)
    return yield* Effect.acquireUseRelease(
      Effect.sync(() => createModel(plan, values)),
      (model) => estimate(model, options, images, onBatch),
      (model) => Effect.sync(() => disposeModel(model))
    )
  })
