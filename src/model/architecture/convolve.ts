/** Convolutions as both networks use them. */
import * as tf from "../tf.ts"
import type { Mode } from "./forward.ts"
import type { NetworkPlan } from "./network.ts"
import { type Sides, sides } from "./padding.ts"
import type { Biased, ConvolutionNorm } from "./tree.ts"

export type Pad = tf.backend_util.ExplicitPadding

const explicit = ([top, bottom]: Sides, [left, right]: Sides): Pad => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0]
]

/** The family's padding of x; `native` is its side at the variant's native resolution. */
export const padded = (plan: NetworkPlan, x: tf.Tensor4D, native: number, kernel: number, stride: number): Pad => {
  const pad = (size: number) => sides(plan.properties.padding, size, native, kernel, stride)
  return explicit(pad(x.shape[1]), pad(x.shape[2]))
}

/** A convolution with its batch norm, and swish after it where asked for. */
export const normed = (
  mode: Mode,
  x: tf.Tensor4D,
  weights: ConvolutionNorm<tf.Tensor>,
  stride: number,
  pad: Pad | "valid",
  swish = false
): tf.Tensor4D => mode.convolutionNorm({ x, stride, pad, depthwise: false }, weights, swish)

/** 1 x 1 and a bias, without batch norm. */
export const dense = (x: tf.Tensor4D, { kernel, bias }: Biased<tf.Tensor>): tf.Tensor4D =>
  tf.conv2d(x, kernel as tf.Tensor4D, 1, "valid").add(bias)
