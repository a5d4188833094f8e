/**
 * Where in an image a network saw its reason: Grad-CAM (Selvaraju et al. 2017, "Grad-CAM: Visual Explanations from Deep
 * Networks via Gradient-based Localization"). With A the output of one block and y the logit,
 *
 *   weight of channel k = mean over positions of dy / dA_k,   map = max(0, sum over k of weight_k * A_k).
 *
 * The block is the last whose output has a sixteenth of the image's side: 8 × 8 at 128 pixels, block 17 of b3, where the
 * original project's frozen part ends. Behind it a map would have 4 × 4 cells.
 */
import * as Effect from "effect/Effect"
import { classify, layersOf, type Mode, through, type Weights } from "./architecture/forward.ts"
import type { NetworkPlan } from "./architecture/network.ts"
import { isResNet } from "./architecture/resnet.ts"
import type { BatchNorm } from "./architecture/tree.ts"
import { type Draw, type ImageSource, inputBatch } from "./data.ts"
import type { WeightFileError } from "./errors.ts"
import { convolve, swish } from "./operations.ts"
import { breathe } from "./predict.ts"
import * as tf from "./tf.ts"
import { createModel, disposeModel, type Model, weightsOf } from "./training/step.ts"
import { decodeValues } from "./weights/values.ts"

export interface HeatMaps {
  /** Index of the block whose output the maps were taken of. */
  readonly block: number
  /** Cells a side. */
  readonly side: number
  /** Row by row: (rows, side, side), each map divided by its largest value, so in [0, 1]; 0 where nothing speaks for it. */
  readonly data: Float32Array
}

export interface GradCamOptions {
  /** For every row the class whose reasons are asked for: 1 what raises the logit, 0 what lowers it. Without it, 1. */
  readonly towards?: ArrayLike<number>
  readonly batchSize?: number
  readonly view?: number
}

/** Index in `layersOf` of the last layer that reduces the image by no more than 16: the stem is layer 0. */
export const mappedLayer = ({ architecture: { blocks, variant } }: NetworkPlan): number => {
  let reduction = isResNet(variant) ? 4 : 2
  const reductions = blocks.map(({ stride }) => {
    reduction *= stride
    return reduction
  })
  return 1 + reductions.findLastIndex((by) => by <= 16)
}

/** Running statistics, as at inference; the norm is not folded into the convolution, so that gradients pass. */
const differentiable = (epsilon: number): Mode => {
  const norm = (x: tf.Tensor4D, { scale, shift, mean, variance }: BatchNorm<tf.Tensor>): tf.Tensor4D => {
    const factor = scale.mul(variance.add(epsilon).rsqrt())
    return x.mul(factor).add(shift.sub(mean.mul(factor)))
  }
  return {
    convolutionNorm: (convolution, weights, activated) => {
      const y = norm(convolve(convolution, weights.kernel), weights.norm)
      return activated ? swish(y) : y
    },
    norm,
    depth: (branch) => branch,
    dropout: (features) => features
  }
}

/** Maps (N, H, W) of normalised images (N, side, side, 3); `signs` (N, 1) is 1 towards melanoma, -1 away from it. */
const mapsOf = (plan: NetworkPlan, weights: Weights, x: tf.Tensor4D, signs: tf.Tensor2D): tf.Tensor3D =>
  tf.tidy(() => {
    const mode = differentiable(plan.properties.epsilon)
    const layers = layersOf(plan).map((layer) => (input: tf.Tensor4D) => layer(mode, weights, input))
    const split = mappedLayer(plan) + 1
    const mapped = through(layers.slice(0, split), x)
    const signed = (features: tf.Tensor): tf.Scalar => {
      const pooled = layers.slice(split).reduce((input, layer) => layer(input), features as tf.Tensor4D)
      return classify(mode, weights, pooled).mul(signs).sum()
    }
    // Under fixed statistics the images of a batch do not touch each other: one sum has all their gradients.
    const channelWeights = tf.grad(signed)(mapped).mean([1, 2], true)
    const maps = mapped.mul(channelWeights).sum(3).relu()
    const largest = maps.max([1, 2], true)
    return tf.where(largest.greater(0), maps.div(largest), maps) as tf.Tensor3D
  })

const mapsWith = (
  model: Model,
  images: ImageSource,
  { towards, batchSize = 32, view = 0 }: GradCamOptions
): Effect.Effect<HeatMaps> =>
  Effect.gen(function* () {
    const { plan } = model
    const parts: Array<Float32Array> = []
    let side = 0
    for (let start = 0; start < images.size; start += batchSize) {
      const length = Math.min(batchSize, images.size - start)
      const draws = Array.from({ length }, (_, index): Draw => ({ row: start + index, view }))
      const signs = tf.tensor2d(
        draws.map(({ row }) => [(towards?.[row] ?? 1) === 1 ? 1 : -1]),
        [length, 1]
      )
      const { x } = inputBatch(images, draws, plan.properties)
      const maps = mapsOf(plan, weightsOf(model), x, signs)
      side = maps.shape[1]
      parts.push((yield* Effect.promise(() => maps.data())) as Float32Array)
      tf.dispose([x, signs, maps])
      yield* breathe
    }
    const data = new Float32Array(images.size * side * side)
    let at = 0
    for (const part of parts) {
      data.set(part, at)
      at += part.length
    }
    return { block: mappedLayer(plan) - 1, side, data }
  })

/** A heat map of every row's image, under weights that fine-tuning wrote; an open backend computes them. */
export const gradCam = (
  weights: Uint8Array,
  images: ImageSource,
  options: GradCamOptions = {}
): Effect.Effect<HeatMaps, WeightFileError> =>
  Effect.gen(function* () {
    const { plan, values } = yield* decodeValues(weights)
    return yield* Effect.acquireUseRelease(
      Effect.sync(() => createModel(plan, values)),
      (model) => mapsWith(model, images, options),
      (model) => Effect.sync(() => disposeModel(model))
    )
  })
