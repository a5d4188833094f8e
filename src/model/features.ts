/**
 * For the `adapt` policy: batch-norm statistics estimated on the new images, and the outputs of the frozen part, which
 * under fixed statistics are a pure function of each image and need computing once.
 */
import * as Effect from "effect/Effect"
import { layersOf, through } from "./architecture/forward.ts"
import { batchMode, inferenceMode, type Observed } from "./architecture/modes.ts"
import { type NetworkSettings, networkPlan } from "./architecture/network.ts"
import { type Draw, type ImageSource, inputBatch } from "./data.ts"
import type { ModelSettingError, WeightFileError } from "./errors.ts"
import { breathe } from "./predict.ts"
import * as tf from "./tf.ts"
import { freezing } from "./training/freezing.ts"
import { batches, epochDraws } from "./training/order.ts"
import { createModel, disposeModel, keeping, type Model, updateRunning, weightsOf } from "./training/step.ts"
import { initialValues, type Pretrained } from "./weights/pretrained.ts"
import { encodeValues } from "./weights/values.ts"

export interface CalibrateOptions extends NetworkSettings {
  readonly seed: number
  readonly batchSize: number
  /** Images to estimate from; all rows once where there are fewer. */
  readonly images: number
}

const withModel = <A, E>(
  settings: NetworkSettings,
  seed: number,
  pretrained: Pretrained,
  use: (model: Model) => Effect.Effect<A, E>
): Effect.Effect<A, E | WeightFileError> =>
  Effect.gen(function* () {
    const plan = networkPlan(settings)
    const values = yield* initialValues(plan, seed, pretrained)
    return yield* Effect.acquireUseRelease(
      Effect.sync(() => createModel(plan, values)),
      use,
      (model) => Effect.sync(() => disposeModel(model))
    )
  })

/**
 * Precise batch norm (fvcore's `update_bn_stats`): the plain average of batch statistics over training-mode passes,
 * with nothing dropped, instead of an exponential one. Returns the weights with their new running statistics.
 */
export const calibrate = (
  options: CalibrateOptions,
  pretrained: Pretrained,
  images: ImageSource
): Effect.Effect<Uint8Array, WeightFileError> =>
  withModel(options, options.seed, pretrained, (model) =>
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
        yield* breathe
      }
      const values = new Map<string, Float32Array>()
      for (const [name, tensor] of model.tensors) {
        values.set(name, (yield* Effect.promise(() => tensor.data())) as Float32Array)
      }
      return encodeValues(plan, values)
    })
  )

export interface Features {
  readonly shape: readonly [number, number, number]
  readonly done: number
  /** Row by row, view by view: (rows, views, height, width, channels). */
  readonly data: Float32Array
}

/** Outputs of the first `frozenLayers` (see training/freezing.ts) for every view of every image. */
export const features = (
  options: NetworkSettings & {
    readonly seed: number
    readonly frozenLayers: number | string
    readonly batchSize: number
  },
  pretrained: Pretrained,
  images: ImageSource
): Effect.Effect<Features, WeightFileError | ModelSettingError> =>
  withModel(options, options.seed, pretrained, (model) =>
    Effect.gen(function* () {
      const { plan } = model
      const { depth: done } = yield* freezing(plan, "adapt", options.frozenLayers)
      const mode = inferenceMode(plan.properties.epsilon)
      const weights = weightsOf(model)
      const layers = layersOf(plan)
        .slice(0, done)
        .map((layer) => (x: tf.Tensor4D) => layer(mode, weights, x))
      const count = images.size * images.views
      let shape: Features["shape"] = [images.side, images.side, 3]
      let data = new Float32Array()
      for (let start = 0; start < count; start += options.batchSize) {
        const draws = Array.from({ length: Math.min(options.batchSize, count - start) }, (_, index): Draw => {
          const at = start + index
          return { row: Math.floor(at / images.views), view: at % images.views }
        })
        const { x } = inputBatch(images, draws, plan.properties)
        const output = tf.tidy(() => through(layers, x))
        shape = [output.shape[1], output.shape[2], output.shape[3]]
        const length = shape[0] * shape[1] * shape[2]
        if (start === 0) data = new Float32Array(count * length)
        data.set((yield* Effect.promise(() => output.data())) as Float32Array, start * length)
        tf.dispose([x, output])
        yield* breathe
      }
      return { shape, done, data }
    })
  )
