/**
 * EfficientNet, written once. What differs between training and inference, between frozen and trained blocks, is in
 * `Mode`: how a batch norm is computed, and which branches and features are dropped.
 */
import { gated, spatialMean, swish } from "../operations.ts"
import * as tf from "../tf.ts"
import type { NetworkPlan } from "./network.ts"
import { type Sides, sides } from "./padding.ts"
import type { BatchNorm, Biased, Block, ConvolutionNorm, Network } from "./tree.ts"
import type { BlockShape } from "./variants.ts"

export type Weights = Network<tf.Tensor>

export interface Mode {
  /** Convolution and batch norm in one, because at inference the second is folded into the first. */
  readonly convolutionNorm: (
    convolve: (kernel: tf.Tensor, bias?: tf.Tensor1D) => tf.Tensor4D,
    weights: ConvolutionNorm<tf.Tensor>,
    depthwise: boolean
  ) => tf.Tensor4D
  readonly norm: (x: tf.Tensor4D, weights: BatchNorm<tf.Tensor>) => tf.Tensor4D
  /** Stochastic depth of block `index` (Huang et al. 2016): the branch, dropped for some images, the others scaled. */
  readonly depth: (branch: tf.Tensor4D, index: number) => tf.Tensor4D
  /** Dropout on the pooled features. */
  readonly dropout: (features: tf.Tensor4D) => tf.Tensor4D
}

const explicit = ([top, bottom]: Sides, [left, right]: Sides): tf.backend_util.ExplicitPadding => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0]
]

/** The side at the input of every block for an image of `side` pixels, and after the last. */
const sidesOf = (plan: NetworkPlan, side: number): ReadonlyArray<number> => {
  const result = [Math.ceil(side / 2)]
  for (const { stride } of plan.architecture.blocks) result.push(Math.ceil(result.at(-1)! / stride))
  return result
}

const padded = (plan: NetworkPlan, x: tf.Tensor4D, native: number, kernel: number, stride: number) => {
  const pad = (size: number) => sides(plan.properties.padding, size, native, kernel, stride)
  return explicit(pad(x.shape[1]), pad(x.shape[2]))
}

/** Images (N, side, side, 3), normalised, to the stem's features (N, side / 2, side / 2, C). */
const stem = (plan: NetworkPlan, mode: Mode, weights: Weights, x: tf.Tensor4D): tf.Tensor4D => {
  const pad = padded(plan, x, plan.architecture.native, 3, 2)
  const convolve = (kernel: tf.Tensor, bias?: tf.Tensor1D) => convolution(x, kernel, 2, pad, bias)
  return swish(mode.convolutionNorm(convolve, weights.stem, false))
}

const convolution = (
  x: tf.Tensor4D,
  kernel: tf.Tensor,
  stride: number,
  pad: tf.backend_util.ExplicitPadding | "valid",
  bias?: tf.Tensor
): tf.Tensor4D =>
  bias
    ? tf.fused.conv2d({ x, filter: kernel as tf.Tensor4D, strides: stride, pad, bias })
    : tf.conv2d(x, kernel as tf.Tensor4D, stride, pad)

const pointwise = (mode: Mode, x: tf.Tensor4D, weights: ConvolutionNorm<tf.Tensor>): tf.Tensor4D =>
  mode.convolutionNorm((kernel, bias) => convolution(x, kernel, 1, "valid", bias), weights, false)

const dense = (x: tf.Tensor4D, { kernel, bias }: Biased<tf.Tensor>): tf.Tensor4D =>
  convolution(x, kernel, 1, "valid").add(bias)

/** Squeeze-and-excite (Hu et al. 2018): a gate per image and channel from the image's mean features. */
const excited = (x: tf.Tensor4D, weights: Block<tf.Tensor>): tf.Tensor4D =>
  gated(x, dense(swish(dense(spatialMean(x), weights.squeeze)), weights.excite).sigmoid())

/** One MBConv block: expand, depthwise, squeeze-and-excite, project, and the skip where there is one. */
const block = (
  plan: NetworkPlan,
  mode: Mode,
  weights: Weights,
  index: number,
  native: number,
  x: tf.Tensor4D
): tf.Tensor4D => {
  const shape: BlockShape = plan.architecture.blocks[index]!
  const w = weights.blocks[index]!
  const expanded = w.expand ? swish(pointwise(mode, x, w.expand)) : x
  const pad = padded(plan, expanded, native, shape.kernel, shape.stride)
  const filtered = swish(
    mode.convolutionNorm(
      (kernel, bias) =>
        bias
          ? tf.fused.depthwiseConv2d({
              x: expanded,
              filter: kernel as tf.Tensor4D,
              strides: shape.stride,
              pad: pad as unknown as "valid",
              bias
            })
          : tf.depthwiseConv2d(expanded, kernel as tf.Tensor4D, shape.stride, pad),
      w.depthwise,
      true
    )
  )
  const projected = pointwise(mode, excited(filtered, w), w.project)
  return shape.skip ? mode.depth(projected, index).add(x) : projected
}

/** The last convolution and pooling: (N, H, W, C) -> features (N, 1, 1, head). */
const pool = (mode: Mode, weights: Weights, x: tf.Tensor4D): tf.Tensor4D =>
  spatialMean(swish(pointwise(mode, x, weights.head)))

/** One layer of the network: features (N, H, W, C) to features. */
export type Layer = (mode: Mode, weights: Weights, x: tf.Tensor4D) => tf.Tensor4D

/**
 * The network up to the classifier as a list: the stem (layer 0), the blocks (layer 1 + i), and the last convolution
 * with pooling. How many of the first layers are frozen is a depth in this list.
 */
export const layersOf = (plan: NetworkPlan): ReadonlyArray<Layer> => {
  const native = sidesOf(plan, plan.architecture.native)
  return [
    (mode, weights, x) => stem(plan, mode, weights, x),
    ...plan.architecture.blocks.map(
      (_, index): Layer =>
        (mode, weights, x) =>
          block(plan, mode, weights, index, native[index]!, x)
    ),
    pool
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
