/** Metrics of logits against labels. */
import { rankAuc } from "../auc.ts"
import * as tf from "../tf.ts"
import type { Metrics } from "./history.ts"
import { type LossSettings, lossPerExample } from "./loss.ts"

export const metricsOf = async (
  logits: Float32Array,
  labels: Float32Array,
  settings: LossSettings
): Promise<Metrics> => {
  const losses = tf.tidy(() => lossPerExample(tf.tensor1d(logits), tf.tensor1d(labels), settings))
  const values = await losses.data()
  losses.dispose()
  let loss = 0
  let right = 0
  for (const [index, logit] of logits.entries()) {
    loss += values[index]!
    if (logit > 0 === labels[index]! > 0.5) right++
  }
  const auc = rankAuc(logits, labels)
  return { loss: loss / logits.length, accuracy: right / logits.length, auc: Number.isFinite(auc) ? auc : null }
}
