/** One step of Adam as a loop, decoupled weight decay included (Loshchilov and Hutter 2019); arithmetic in float64. */
import type { HeapKernel } from "./heap.ts"

/**
 * PyTorch's form: w - rate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon), w scaled by `decay` first.
 * -> [w, m, v].
 */
export const adamStep: HeapKernel = {
  name: "AdamStep",
  outputs: ({ weight }) => [weight!, weight!, weight!],
  run: ({ weight, gradient, first, second }, [w, m, v], _shapes, attributes) => {
    const { rate, beta1, beta2, epsilon, step, decay } = attributes as Record<string, number>
    const stepSize = rate! / (1 - beta1! ** step!)
    const root = Math.sqrt(1 - beta2! ** step!)
    for (let i = 0; i < w!.length; i++) {
      const g = gradient![i]!
      const average = beta1! * first![i]! + (1 - beta1!) * g
      const power = beta2! * second![i]! + (1 - beta2!) * g * g
      m![i] = average
      v![i] = power
      w![i] = weight![i]! * decay! - (stepSize * average) / (Math.sqrt(power) / root + epsilon!)
    }
  }
}
