/** Losses on logits, per example. */
import * as tf from "../tf.ts"

export interface LossSettings {
  /** Weight of a positive example's loss; 1 changes nothing (PyTorch's `pos_weight`). */
  readonly positiveWeight: number
  /** Labels y become y * (1 - s) + s / 2. */
  readonly labelSmoothing: number
  /** Focal loss (Lin et al. 2017) multiplies by (1 - p of the label) ^ gamma; 0 is plain cross entropy. */
  readonly focalGamma: number
}

export const plainLoss: LossSettings = { positiveWeight: 1, labelSmoothing: 0, focalGamma: 0 }

/**
 * Binary cross entropy of logits (N) against labels 0 or 1 (N) -> (N). Written with softplus(-z) for
 * -log sigmoid(z), which neither overflows nor loses its gradient at 0.
 */
export const lossPerExample = (logits: tf.Tensor1D, labels: tf.Tensor1D, settings: LossSettings): tf.Tensor1D => {
  const { positiveWeight, labelSmoothing, focalGamma } = settings
  const y = labelSmoothing === 0 ? labels : labels.mul(1 - labelSmoothing).add(labelSmoothing / 2)
  let positive: tf.Tensor = logits.neg().softplus().mul(y.mul(positiveWeight))
  let negative: tf.Tensor = logits.softplus().mul(tf.scalar(1).sub(y))
  if (focalGamma > 0) {
    positive = positive.mul(logits.neg().sigmoid().pow(focalGamma))
    negative = negative.mul(logits.sigmoid().pow(focalGamma))
  }
  return positive.add(negative)
}
