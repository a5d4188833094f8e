/**
 * The operations of the network that TensorFlow.js has not, or has only slowly: each a kernel of this project with its
 * gradient. Everything else the model calls is a stock operation. See kernels/register.ts for who implements them.
 */
import * as tf from "./tf.ts"

type Attributes = Record<string, unknown>

const call = <T extends tf.Tensor | Array<tf.Tensor>>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Attributes = {}
): T => {
  registerGradients()
  return tf.engine().runKernel<T>(name, inputs, attributes as tf.NamedAttrMap)
}

/** Whether the current backend has a kernel of its own for that, rather than what it is composed of. */
const fuses = (name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined

const registerNormGradient = (name: "BatchNormTraining" | "BatchNormSwish"): void =>
  tf.registerGradient({
    kernelName: name,
    inputsToSave: ["x", "scale", "shift"],
    outputsToSave: [false, true, true],
    gradFunc: (dys, saved, attributes) => {
      const [x, scale, shift, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
      const inputs = { dy: (dys as Array<tf.Tensor>)[0]!, x, scale, shift, mean, variance }
      const settings = attributes as tf.NamedAttrMap as Attributes
      const sums = call<Array<tf.Tensor>>(`${name}Reduce`, inputs, settings)
      const [scaleGradient, shiftGradient] = sums as [tf.Tensor, tf.Tensor]
      return {
        x: () => call<tf.Tensor>(`${name}Input`, { ...inputs, scaleGradient, shiftGradient }, settings),
        scale: () => scaleGradient.clone(),
        shift: () => shiftGradient.clone()
      }
    }
  })

let registered = false

/** With the first operation rather than when this module is loaded: whoever only looks at stages needs no TensorFlow.js. */
const registerGradients = (): void => {
  if (registered) return
  registered = true
  registerNormGradient("BatchNormTraining")
  registerNormGradient("BatchNormSwish")
  tf.registerGradient({
    kernelName: "SpatialMean",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({
      x: () => call("SpatialMeanGradient", { dy: dy as tf.Tensor }, { height: x!.shape[1], width: x!.shape[2] })
    })
  })
}

/**
 * Batch norm with the statistics of the batch.
 * @param x any rank, the channel last
 * @returns the output, and the batch's mean and biased variance per channel
 */
export const batchNormTraining = (
  x: tf.Tensor,
  scale: tf.Tensor,
  shift: tf.Tensor,
  epsilon: number
): readonly [tf.Tensor, tf.Tensor, tf.Tensor] => {
  const [y, mean, variance] = call<Array<tf.Tensor>>("BatchNormTraining", { x, scale, shift }, { epsilon })
  return [y!, mean!, variance!]
}

/** The swish of `batchNormTraining`'s output, with the same statistics: in one go where the backend can. */
export const batchNormSwish = (
  x: tf.Tensor,
  scale: tf.Tensor,
  shift: tf.Tensor,
  epsilon: number
): readonly [tf.Tensor, tf.Tensor, tf.Tensor] => {
  if (!fuses("BatchNormSwish")) {
    const [y, mean, variance] = batchNormTraining(x, scale, shift, epsilon)
    return [swish(y), mean, variance]
  }
  const [y, mean, variance] = call<Array<tf.Tensor>>("BatchNormSwish", { x, scale, shift }, { epsilon })
  return [y!, mean!, variance!]
}

/** Tensors of x's size that `batchNormSwish` makes on the current backend. */
export const normSwishTensors = (): number => (fuses("BatchNormSwish") ? 1 : 2)

/** x * sigmoid(x) (SiLU). Only x is kept for the gradient, its sigmoid is taken again. */
export const swish = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad((input, save) => {
    const x = input as tf.Tensor
    ;(save as tf.GradSaveFunc)([x])
    const fused = fuses("Swish")
    return {
      value: fused ? call<tf.Tensor>("Swish", { x }) : x.mul(x.sigmoid()),
      gradFunc: (dy: tf.Tensor, [saved]: Array<tf.Tensor>) => {
        const inputs = { dy, x: saved! }
        return call<tf.Tensor>("SwishGradient", fused ? inputs : { ...inputs, sigmoid: saved!.sigmoid() })
      }
    }
  })(x) as T

/** max(x, 0) (ReLU). Only the output is kept for the gradient. */
export const rectified = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad((input, save) => {
    const y = (input as tf.Tensor).relu()
    ;(save as tf.GradSaveFunc)([y])
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, [saved]: Array<tf.Tensor>) => call<tf.Tensor>("ReluGradient", { dy, y: saved! })
    }
  })(x) as T

export interface Convolution {
  readonly x: tf.Tensor4D
  readonly stride: number
  readonly pad: tf.backend_util.ExplicitPadding | "valid"
  /** One filter a channel. */
  readonly depthwise: boolean
}

export const convolve = ({ x, stride, pad, depthwise }: Convolution, filter: tf.Tensor): tf.Tensor4D =>
  depthwise
    ? tf.depthwiseConv2d(x, filter as tf.Tensor4D, stride, pad)
    : tf.conv2d(x, filter as tf.Tensor4D, stride, pad)

/** A convolution with its bias, and swish where asked for: in one go where the backend can. Not differentiable. */
export const biasedConvolution = (
  { x, stride, pad, depthwise }: Convolution,
  filter: tf.Tensor4D,
  bias: tf.Tensor,
  swished: boolean
): tf.Tensor4D => {
  if (swished && fuses("Swish")) {
    const attributes = { strides: [stride, stride], pad, dataFormat: "NHWC", dilations: [1, 1], activation: "swish" }
    return call(depthwise ? tf.FusedDepthwiseConv2D : tf.FusedConv2D, { x, filter, bias }, attributes)
  }
  const y = depthwise
    ? tf.fused.depthwiseConv2d({ x, filter, strides: stride, pad: pad as unknown as "valid", bias })
    : tf.fused.conv2d({ x, filter, strides: stride, pad, bias })
  return swished ? swish(y) : y
}

/** Mean over height and width: (N, H, W, C) -> (N, 1, 1, C). */
export const spatialMean = (x: tf.Tensor4D): tf.Tensor4D => call<tf.Tensor4D>("SpatialMean", { x })

/** Squeeze-and-excite's product of x (N, H, W, C) with a gate (N, 1, 1, C). */
export const gated = (x: tf.Tensor4D, gate: tf.Tensor4D): tf.Tensor4D =>
  tf.customGrad((input, factor, save) => {
    const [x, gate] = [input as tf.Tensor4D, factor as tf.Tensor4D]
    ;(save as tf.GradSaveFunc)([x, gate])
    return {
      value: x.mul(gate),
      gradFunc: (dy: tf.Tensor, saved: Array<tf.Tensor>) => [
        dy.mul(saved[1]!),
        call<tf.Tensor>("GateGradient", { dy, x: saved[0]! })
      ]
    }
  })(x, gate) as tf.Tensor4D

/**
 * One Adam step of one weight: [weight, first moment, second moment]. It takes the old ones over: where nobody else
 * holds their data the backend may write over it, so they are only good for being disposed of.
 */
export const adamStep = (
  tensors: { weight: tf.Tensor; gradient: tf.Tensor; first: tf.Tensor; second: tf.Tensor },
  settings: { rate: number; beta1: number; beta2: number; epsilon: number; step: number; decay: number }
): readonly [tf.Tensor, tf.Tensor, tf.Tensor] => {
  const [weight, first, second] = call<Array<tf.Tensor>>("AdamStep", tensors, settings)
  return [weight!, first!, second!]
}
