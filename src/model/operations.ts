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
): T => tf.engine().runKernel<T>(name, inputs, attributes as tf.NamedAttrMap)

const registerGradients = (): void => {
  tf.registerGradient({
    kernelName: "BatchNormTraining",
    inputsToSave: ["x", "scale"],
    outputsToSave: [false, true, true],
    gradFunc: (dys, saved, attributes) => {
      const [x, scale, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
      const dy = (dys as Array<tf.Tensor>)[0]!
      const [scaleGradient, shiftGradient] = call<Array<tf.Tensor>>(
        "BatchNormTrainingReduce",
        { dy, x, mean, variance },
        attributes as tf.NamedAttrMap as Attributes
      ) as [tf.Tensor, tf.Tensor]
      return {
        x: () =>
          call<tf.Tensor>(
            "BatchNormTrainingInput",
            { dy, x, scale, mean, variance, scaleGradient, shiftGradient },
            attributes as tf.NamedAttrMap as Attributes
          ),
        scale: () => scaleGradient.clone(),
        shift: () => shiftGradient.clone()
      }
    }
  })
  tf.registerGradient({
    kernelName: "SpatialMean",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({
      x: () => call("SpatialMeanGradient", { dy: dy as tf.Tensor }, { height: x!.shape[1], width: x!.shape[2] })
    })
  })
}
registerGradients()

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

/** x * sigmoid(x) (SiLU). Only x is kept for the gradient, its sigmoid is taken again. */
export const swish = <T extends tf.Tensor>(x: T): T =>
  tf.customGrad((input, save) => {
    const x = input as tf.Tensor
    ;(save as tf.GradSaveFunc)([x])
    return {
      value: x.mul(x.sigmoid()),
      gradFunc: (dy: tf.Tensor, [saved]: Array<tf.Tensor>) => {
        const sigmoid = saved!.sigmoid()
        return call<tf.Tensor>("SwishGradient", { dy, x: saved!, sigmoid })
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

/** One Adam step of one weight: [weight, first moment, second moment], all new tensors. */
export const adamStep = (
  tensors: { weight: tf.Tensor; gradient: tf.Tensor; first: tf.Tensor; second: tf.Tensor },
  settings: { rate: number; beta1: number; beta2: number; epsilon: number; step: number; decay: number }
): readonly [tf.Tensor, tf.Tensor, tf.Tensor] => {
  const [weight, first, second] = call<Array<tf.Tensor>>("AdamStep", tensors, settings)
  return [weight!, first!, second!]
}
