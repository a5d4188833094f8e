/** ResNet's layers (He et al. 2016). */
import { rectified } from "../operations.ts"
import * as tf from "../tf.ts"
import { normed, padded } from "./convolve.ts"
import type { Mode, Weights } from "./forward.ts"
import type { NetworkPlan } from "./network.ts"
import type { Bottleneck } from "./tree.ts"

/** Images (N, side, side, 3), normalised, to (N, side / 4, side / 4, C): a convolution and max pooling, stride 2 each. */
export const resnetStem = (plan: NetworkPlan, mode: Mode, weights: Weights, x: tf.Tensor4D): tf.Tensor4D => {
  const { native, stemKernel } = plan.architecture
  const convolved = rectified(normed(mode, x, weights.stem, 2, padded(plan, x, native, stemKernel, 2)))
  return tf.maxPool(convolved, 3, 2, 1)
}

/**
 * One bottleneck. Stochastic depth drops the branch, as Huang et al. (2016) did in these networks; the published ones
 * were trained without.
 */
export const bottleneck = (
  plan: NetworkPlan,
  mode: Mode,
  w: Bottleneck<tf.Tensor>,
  index: number,
  x: tf.Tensor4D
): tf.Tensor4D => {
  const { stride } = w.shape
  const [first, middle] = plan.properties.stride === "first" ? [stride, 1] : [1, stride]
  const reduced = rectified(normed(mode, x, w.first, first, "valid"))
  const pad = padded(plan, reduced, reduced.shape[1], 3, middle)
  const filtered = rectified(normed(mode, reduced, w.middle, middle, pad))
  const branch = mode.depth(normed(mode, filtered, w.last, 1, "valid"), index)
  return rectified(branch.add(w.shortcut ? normed(mode, x, w.shortcut, stride, "valid") : x))
}
