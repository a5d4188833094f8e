/** The two ways to compute a batch norm. */
import { batchNormSwish, batchNormTraining, biasedConvolution, convolve } from "../operations.ts"
import * as tf from "../tf.ts"
import type { Mode } from "./forward.ts"
import type { BatchNorm } from "./tree.ts"

/** With the running statistics: y = x * factor + offset. */
const folded = ({ scale, shift, mean, variance }: BatchNorm<tf.Tensor>, epsilon: number) => {
  const factor = scale.mul(variance.add(epsilon).rsqrt()) as tf.Tensor1D
  return { factor, offset: shift.sub(mean.mul(factor)) as tf.Tensor1D }
}

/** Running statistics, nothing dropped: a pure function of each image. Not differentiable. */
export const inferenceMode = (epsilon: number): Mode => ({
  convolutionNorm: (convolution, { kernel, norm }, swish) => {
    const { factor, offset } = folded(norm, epsilon)
    const filter = kernel.mul(convolution.depthwise ? factor.reshape([-1, 1]) : factor) as tf.Tensor4D
    return biasedConvolution(convolution, filter, offset, swish)
  },
  norm: (x, norm) => {
    const { factor, offset } = folded(norm, epsilon)
    return x.mul(factor).add(offset)
  },
  depth: (branch) => branch,
  dropout: (features) => features
})

/** Statistics of a batch, to be mixed into the running ones; `count` values per channel went in. */
export interface Observed {
  readonly norm: BatchNorm<tf.Tensor>
  readonly mean: tf.Tensor
  readonly variance: tf.Tensor
  readonly count: number
}

/** The batch's own statistics, which `observe` receives (kept: the receiver disposes of them). */
export const batchMode = (
  epsilon: number,
  observe: (observed: Observed) => void,
  dropping: Pick<Mode, "depth" | "dropout">
): Mode => {
  const norm = (x: tf.Tensor4D, weights: BatchNorm<tf.Tensor>, swish = false): tf.Tensor4D => {
    const compute = swish ? batchNormSwish : batchNormTraining
    const [y, mean, variance] = compute(x, weights.scale, weights.shift, epsilon)
    observe({ norm: weights, mean: tf.keep(mean), variance: tf.keep(variance), count: x.size / weights.scale.size })
    return y as tf.Tensor4D
  }
  return {
    convolutionNorm: (convolution, weights, swish) => norm(convolve(convolution, weights.kernel), weights.norm, swish),
    norm: (x, weights) => norm(x, weights),
    ...dropping
  }
}
