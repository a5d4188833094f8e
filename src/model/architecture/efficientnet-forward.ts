/** EfficientNet's layers (Tan and Le 2019). */
import { gated, spatialMean, swish } from "../operations.ts"
import type * as tf from "../tf.ts"
import { dense, normed, padded } from "./convolve.ts"
import type { Mode, Weights } from "./forward.ts"
import type { NetworkPlan } from "./network.ts"
import type { ConvolutionNorm, MBConv } from "./tree.ts"

/** The side at the input of every block for an image of `side` pixels, and after the last. */
export const sidesOf = (plan: NetworkPlan, side: number): ReadonlyArray<number> => {
  const result = [Math.ceil(side / 2)]
  for (const { stride } of plan.architecture.blocks) result.push(Math.ceil(result.at(-1)! / stride))
  return result
}

/** Images (N, side, side, 3), normalised, to the stem's features (N, side / 2, side / 2, C). */
export const efficientnetStem = (plan: NetworkPlan, mode: Mode, weights: Weights, x: tf.Tensor4D): tf.Tensor4D =>
  normed(mode, x, weights.stem, 2, padded(plan, x, plan.architecture.native, 3, 2), true)

/** Squeeze-and-excite (Hu et al. 2018): a gate per image and channel from the image's mean features. */
const excited = (x: tf.Tensor4D, weights: MBConv<tf.Tensor>): tf.Tensor4D =>
  gated(x, dense(swish(dense(spatialMean(x), weights.squeeze)), weights.excite).sigmoid())

/** One MBConv block: expand, depthwise, squeeze-and-excite, project, and the skip where there is one. */
export const mbconv = (
  plan: NetworkPlan,
  mode: Mode,
  w: MBConv<tf.Tensor>,
  index: number,
  native: number,
  x: tf.Tensor4D
): tf.Tensor4D => {
  const { kernel: size, stride, skip } = w.shape
  const expanded = w.expand ? normed(mode, x, w.expand, 1, "valid", true) : x
  const pad = padded(plan, expanded, native, size, stride)
  const filtered = mode.convolutionNorm({ x: expanded, stride, pad, depthwise: true }, w.depthwise, true)
  const projected = normed(mode, excited(filtered, w), w.project, 1, "valid")
  return skip ? mode.depth(projected, index).add(x) : projected
}

/** The last convolution. */
export const efficientnetHead = (mode: Mode, head: ConvolutionNorm<tf.Tensor>, x: tf.Tensor4D): tf.Tensor4D =>
  normed(mode, x, head, 1, "valid", true)
