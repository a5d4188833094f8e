import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as tf from "../../src/model/tf.ts"
import { type LossSettings, lossPerExample } from "../../src/model/training/loss.ts"
import { checked, close, difference, dot, length, numbers, open } from "./finite-differences.ts"

const within = (minimum: number, maximum: number) => Schema.Finite.check(Schema.isBetween({ minimum, maximum }))
const Case = Schema.Struct({
  size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 })),
  positiveWeight: within(0.1, 10),
  labelSmoothing: Schema.Union([Schema.Literal(0), within(0, 0.9)]),
  focalGamma: Schema.Union([Schema.Literal(0), within(0.5, 5)]),
  seed: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))
})

/** -log sigmoid(z). */
const cost = (z: number): number => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(-z, 0)

/** From the definitions: cross entropy of smoothed labels, each part times (1 - p of its label) ^ gamma. */
const lossOf = (z: number, label: number, { positiveWeight, labelSmoothing, focalGamma }: LossSettings): number => {
  const y = label * (1 - labelSmoothing) + labelSmoothing / 2
  const p = 1 / (1 + Math.exp(-z))
  return y * positiveWeight * (1 - p) ** focalGamma * cost(z) + (1 - y) * p ** focalGamma * cost(-z)
}

for (const backend of checked) {
  describe(`on ${backend}`, () => {
    beforeAll(() => open(backend))

    it.prop("a loss is that of the definition, its gradient the finite difference", [Case], ([settings]) => {
      const { size, seed } = settings
      const logits = numbers("logits", seed, [size]).map((z) => 3 * z)
      const labels = numbers("labels", seed, [size]).map((x) => (x > 0 ? 1 : 0))
      const [upstream, along] = ["dy", "v"].map((key) => numbers(key, seed, [size])) as [number[], number[]]
      const [losses, gradient] = tf.tidy(() => {
        const given = tf.tensor1d(labels)
        const loss = (z: tf.Tensor) => lossPerExample(z as tf.Tensor1D, given, settings)
        const z = tf.tensor1d(logits)
        return [loss(z).dataSync(), tf.grad(loss)(z, tf.tensor1d(upstream)).dataSync()] as const
      })
      for (const [i, z] of logits.entries()) {
        const expected = lossOf(z, labels[i]!, settings)
        assert.closeTo(losses[i]!, expected, 1e-5 * (1 + expected))
      }
      const product = (z: ReadonlyArray<number>) =>
        dot(
          z.map((z, i) => lossOf(z, labels[i]!, settings)),
          upstream
        )
      const scale = length(upstream) * length(along) * settings.positiveWeight
      close(dot(gradient, along), difference(product, logits, along), 2 * (scale + 1))
    })
  })
}
