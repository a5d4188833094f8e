/** The same kernels composed of stock operations, for backends whose memory JavaScript cannot see. */
import * as tf from "../tf.ts"

type Inputs = Record<string, tf.Tensor>
type Attributes = Record<string, number>

const leading = (x: tf.Tensor): Array<number> => x.shape.slice(0, -1).map((_, axis) => axis)

const composed: Record<string, (inputs: Inputs, attributes: Attributes) => tf.Tensor | Array<tf.Tensor>> = {
  BatchNormTraining: ({ x, scale, shift }, { epsilon }) => {
    const { mean, variance } = tf.moments(x!, leading(x!))
    const factor = scale!.mul(variance.add(epsilon!).rsqrt())
    return [x!.sub(mean).mul(factor).add(shift!), mean, variance]
  },
  BatchNormTrainingReduce: ({ dy, x, mean, variance }, { epsilon }) => [
    dy!.mul(x!.sub(mean!)).sum(leading(x!)).mul(variance!.add(epsilon!).rsqrt()),
    dy!.sum(leading(x!))
  ],
  BatchNormTrainingInput: ({ dy, x, scale, mean, variance, scaleGradient, shiftGradient }, { epsilon }) => {
    const rows = x!.size / mean!.size
    const inverse = variance!.add(epsilon!).rsqrt()
    const normalised = x!.sub(mean!).mul(inverse)
    return dy!
      .sub(shiftGradient!.div(rows))
      .sub(normalised.mul(scaleGradient!.div(rows)))
      .mul(scale!.mul(inverse))
  },
  SwishGradient: ({ dy, x, sigmoid }) => dy!.mul(sigmoid!).mul(tf.scalar(1).add(x!.mul(tf.scalar(1).sub(sigmoid!)))),
  ReluGradient: ({ dy, y }) => dy!.mul(y!.step()),
  SpatialMean: ({ x }) => x!.mean([1, 2], true),
  SpatialMeanGradient: ({ dy }, { height, width }) => dy!.div(height! * width!).tile([1, height!, width!, 1]),
  GateGradient: ({ dy, x }) => dy!.mul(x!).sum([1, 2], true),
  AdamStep: ({ weight, gradient, first, second }, { rate, beta1, beta2, epsilon, step, decay }) => {
    const m = first!.mul(beta1!).add(gradient!.mul(1 - beta1!))
    const v = second!.mul(beta2!).add(gradient!.square().mul(1 - beta2!))
    const root = Math.sqrt(1 - beta2! ** step!)
    const change = m.div(v.sqrt().div(root).add(epsilon!)).mul(rate! / (1 - beta1! ** step!))
    return [weight!.mul(decay!).sub(change), m, v]
  }
}

export const composedKernelNames = Object.keys(composed)

export const registerComposedKernels = (backendName: string): void => {
  for (const [kernelName, compute] of Object.entries(composed)) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(inputs as Inputs, (attrs ?? {}) as Attributes))
    })
  }
}
