/**
 * The networks, written once. What differs between training and inference, between frozen and trained blocks, is in
 * `Mode`: how a batch norm is computed, and which branches and features are dropped.
 */
import { type Convolution, spatialMean } from "../operations.ts"
import * as tf from "../tf.ts"
import { dense } from "./convolve.ts"
import { efficientnetHead, efficientnetStem, mbconv, sidesOf } from "./efficientnet-forward.ts"
import type { NetworkPlan } from "./network.ts"
import { bottleneck, resnetStem } from "./resnet-forward.ts"
import type { BatchNorm, ConvolutionNorm, Network } from "./tree.ts"

export type Weights = Network<tf.Tensor>

export interface Mode {
  /** Convolution and batch norm in one, because at inference the second is folded into the first; swish after them. */
  readonly convolutionNorm: (
    convolution: Convolution,
    weights: ConvolutionNorm<tf.Tensor>,
    swish: boolean
  ) => tf.Tensor4D
  readonly norm: (x: tf.Tensor4D, weights: BatchNorm<tf.Tensor>) => tf.Tensor4D
  /** Stochastic depth of block `index` (Huang et al. 2016): the branch, dropped for some images, the others scaled. */
  readonly depth: (branch: tf.Tensor4D, index: number) => tf.Tensor4D
  /** Dropout on the pooled features. */
  readonly dropout: (features: tf.Tensor4D) => tf.Tensor4D
}

/** One layer of the network: features (N, H, W, C) to features. */
export type Layer = (mode: Mode, weights: Weights, x: tf.Tensor4D) => tf.Tensor4D

/**
 * The network up to the classifier as a list: the stem (layer 0), the blocks (layer 1 + i), and the last convolution,
 * where there is one, with pooling. How many of the first layers are frozen is a depth in this list.
 */
export const layersOf = (plan: NetworkPlan): ReadonlyArray<Layer> => {
  const native = sidesOf(plan, plan.architecture.native)
  const stem = plan.architecture.headConvolution ? efficientnetStem : resnetStem
  return [
    (mode, weights, x) => stem(plan, mode, weights, x),
    ...plan.architecture.blocks.map(
      (_, index): Layer =>
        (mode, weights, x) => {
          const block = weights.blocks[index]!
          return block.kind === "mbconv"
            ? mbconv(plan, mode, block, index, native[index]!, x)
            : bottleneck(plan, mode, block, index, x)
        }
    ),
    (mode, { head }, x) => spatialMean(head ? efficientnetHead(mode, head, x) : x)
  ]
}

/** Runs layers one by one, keeping nothing between them. Disposes of nothing that is given. */
export const through = (
  layers: ReadonlyArray<(x: tf.Tensor4D) => tf.Tensor4D>,
  input: tf.Tensor4D,
  onLayer?: (output: tf.Tensor4D, index: number) => void
): tf.Tensor4D => {
  let x = input.clone()
  for (const [index, layer] of layers.entries()) {
    const next = tf.tidy(() => layer(x))
    x.dispose()
    x = next
    onLayer?.(x, index)
  }
  return x
}

/** Pooled features -> logits (N, 1). */
export const classify = (mode: Mode, weights: Weights, features: tf.Tensor4D): tf.Tensor2D => {
  const normed = weights.pooled ? mode.norm(features, weights.pooled) : features
  return dense(mode.dropout(normed), weights.classifier).reshape([features.shape[0], -1])
}
