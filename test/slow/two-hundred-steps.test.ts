import { assert, describe, it } from "@effect/vitest"
import { networkPlan } from "../../src/model/architecture/network.ts"
import type { SimdBackend } from "../../src/model/backends/simd/backend.ts"
import { closeSimd, openSimd } from "../../src/model/backends/simd/open.ts"
import * as tf from "../../src/model/tf.ts"
import { lossPerExample, plainLoss } from "../../src/model/training/loss.ts"
import { type OptimiserState, optimise, plainAdam } from "../../src/model/training/optimiser.ts"
import { createModel, keeping, trainingStep, updateRunning } from "../../src/model/training/step.ts"
import { initialise } from "../../src/model/weights/initialise.ts"

describe("two hundred steps", () => {
  it("take no more tensors and no more space than the first ten", async () => {
    await openSimd({ threads: 2 })
    const { space } = (tf.backend() as unknown as SimdBackend).machine
    const plan = networkPlan({ variant: "b0", family: "torchvision", head: "plain" })
    const model = createModel(plan, initialise(plan, 1))
    const state: OptimiserState = new Map()
    const x = tf.randomNormal([8, 64, 64, 3], 0, 1, "float32", 1) as tf.Tensor4D
    const labels = tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1])
    const lossOf = (logits: tf.Tensor1D) => lossPerExample(logits, labels, plainLoss).mean() as tf.Scalar
    const step = (depth: number) => {
      const freezing = { policy: "statistics", depth } as const
      const { logits, loss, gradients, observed } = trainingStep(model, freezing, { x, done: 0 }, lossOf, keeping)
      updateRunning(model, observed, 0.1)
      optimise(model, state, gradients, 1e-4, plainAdam)
      loss.dataSync()
      tf.dispose([logits, loss])
    }
    const held = () => [tf.engine().state.numTensors, tf.engine().state.numDataBuffers, space.taken]
    for (let i = 0; i < 10; i++) step(i % 2 === 0 ? 0 : 9)
    const before = held()
    for (let i = 0; i < 200; i++) step(i % 2 === 0 ? 0 : 9)
    assert.deepStrictEqual(held(), before)
    await closeSimd()
  })
})
