import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import * as tf from "../../src/model/tf.ts"
import { segments } from "../../src/model/training/backward.ts"
import { type Policy, policies } from "../../src/model/training/freezing.ts"
import { createModel, disposeModel, keeping, trainingStep } from "../../src/model/training/step.ts"
import { initialise } from "../../src/model/weights/initialise.ts"

const Bytes = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 })))

describe("segments", () => {
  it.prop("cover the chain in order, each within the budget or of one layer", [Bytes, Schema.Int], ([bytes, n]) => {
    const budget = 1 + (Math.abs(n) % 100)
    const cuts = segments(bytes, budget)
    assert.strictEqual(cuts[0]![0], 0)
    assert.strictEqual(cuts.at(-1)![1], bytes.length)
    for (const [i, [from, to]] of cuts.entries()) {
      if (i > 0) assert.strictEqual(from, cuts[i - 1]![1])
      const sum = bytes.slice(from, to).reduce((a, b) => a + b, 0)
      assert.isTrue(sum <= budget || to - from === 1)
    }
  })
})

describe("backpropagation in segments", () => {
  beforeAll(() => Effect.runPromise(openBackend("wasm")))
  const plan = networkPlan({ variant: "micro", family: "torchvision", head: "original" })

  const step = (policy: Policy, depth: number, budget: number) => {
    const model = createModel(plan, initialise(plan, 2))
    const x = tf.randomNormal([4, 32, 32, 3], 0, 1, "float32", 1) as tf.Tensor4D
    const lossOf = (logits: tf.Tensor1D) => logits.square().mean() as tf.Scalar
    const result = trainingStep(model, { policy, depth }, { x, done: 0 }, lossOf, keeping, budget)
    const numbers = {
      loss: result.loss.dataSync()[0],
      gradients: [...result.gradients].map(([name, gradient]) => [name, [...gradient.dataSync()]]),
      observed: result.observed.map(({ mean, variance }) => [[...mean.dataSync()], [...variance.dataSync()]])
    }
    for (const { mean, variance } of result.observed) tf.dispose([mean, variance])
    tf.dispose([x, result.loss, result.logits, ...result.gradients.values()])
    disposeModel(model)
    return numbers
  }

  it.each(policies.flatMap((policy) => [0, 1, 4, 8].map((depth) => [policy, depth] as const)))(
    "gives the bits of one tape, and leaves nothing behind: %s, %i layers frozen",
    (policy, depth) => {
      const before = tf.memory().numTensors
      const whole = step(policy, depth, Number.POSITIVE_INFINITY)
      for (const budget of [1, 100_000, 400_000]) assert.deepStrictEqual(step(policy, depth, budget), whole)
      assert.strictEqual(tf.memory().numTensors, before)
    }
  )
})
