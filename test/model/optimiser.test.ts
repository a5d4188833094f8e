import { readFileSync } from "node:fs"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import * as tf from "../../src/model/tf.ts"
import { type LossSettings, lossPerExample, plainLoss } from "../../src/model/training/loss.ts"
import {
  disposeMoments,
  type OptimiserSettings,
  type OptimiserState,
  optimise,
  plainAdam
} from "../../src/model/training/optimiser.ts"
import type { Model } from "../../src/model/training/step.ts"

const Numbers = Schema.Array(Schema.Finite)
const Pair = Schema.Struct({ weight: Numbers, bias: Numbers })
const Loss = Schema.Struct({ values: Numbers, gradient: Numbers })
const golden = Schema.decodeUnknownSync(
  Schema.fromJsonString(
    Schema.Struct({
      ...Pair.fields,
      gradients: Schema.Array(Pair),
      adam: Schema.Array(Pair),
      adamw: Schema.Array(Pair),
      sgd: Schema.Array(Pair),
      clipped: Schema.Array(Pair),
      logits: Numbers,
      labels: Numbers,
      plain: Loss,
      positive: Loss,
      smooth: Loss,
      focal: Loss
    })
  )
)(readFileSync(new URL("../fixtures/model/pytorch.json", import.meta.url), "utf8"))

const near = (actual: ArrayLike<number>, expected: ReadonlyArray<number>) => {
  assert.strictEqual(actual.length, expected.length)
  for (const [i, value] of expected.entries()) assert.closeTo(actual[i]!, value, 2e-6 * (1 + Math.abs(value)))
}

describe("as PyTorch's", () => {
  beforeAll(() => Effect.runPromise(openBackend("wasm")))

  it.each<["adam" | "adamw" | "sgd" | "clipped", Partial<OptimiserSettings>]>([
    ["adam", {}],
    ["adamw", { optimiser: "adamw", weightDecay: 0.2 }],
    ["sgd", { optimiser: "sgd", weightDecay: 0.2, sgdMomentum: 0.9 }],
    ["clipped", { optimiser: "sgd", clipNorm: 0.5 }]
  ])("%s, over four steps", (name, settings) => {
    const plan = {
      ...networkPlan({ variant: "micro", family: "torchvision", head: "plain" }),
      list: [
        { name: "weight", role: "kernel", shape: [2, 3], layer: 0 },
        { name: "bias", role: "bias", shape: [3], layer: 0 }
      ] as const
    }
    const before = tf.memory().numTensors
    const tensors = ({ weight, bias }: typeof Pair.Type) =>
      new Map<string, tf.Tensor>([
        ["weight", tf.tensor2d([...weight], [2, 3])],
        ["bias", tf.tensor1d([...bias])]
      ])
    const model: Model = { plan, tensors: tensors(golden) }
    const state: OptimiserState = new Map()
    for (const [step, gradient] of golden.gradients.entries()) {
      optimise(model, state, tensors(gradient), 0.1, { ...plainAdam, ...settings })
      near(model.tensors.get("weight")!.dataSync(), golden[name][step]!.weight)
      near(model.tensors.get("bias")!.dataSync(), golden[name][step]!.bias)
    }
    disposeMoments(state)
    tf.dispose([...model.tensors.values()])
    assert.strictEqual(tf.memory().numTensors, before)
  })

  it.each<["plain" | "positive" | "smooth" | "focal", Partial<LossSettings>]>([
    ["plain", {}],
    ["positive", { positiveWeight: 2.5 }],
    ["smooth", { labelSmoothing: 0.1 }],
    ["focal", { focalGamma: 2 }]
  ])("%s loss and its gradient", (name, settings) => {
    tf.tidy(() => {
      const labels = tf.tensor1d([...golden.labels])
      const loss = (z: tf.Tensor) => lossPerExample(z as tf.Tensor1D, labels, { ...plainLoss, ...settings })
      const logits = tf.tensor1d([...golden.logits])
      near(loss(logits).dataSync(), golden[name].values)
      near(tf.grad(loss)(logits).dataSync(), golden[name].gradient)
    })
  })

  it("has a loss without overflow at extreme logits", () => {
    tf.tidy(() => {
      const loss = lossPerExample(tf.tensor1d([-200, 200, 0]), tf.tensor1d([1, 0, 1]), plainLoss).dataSync()
      near(loss, [200, 200, Math.LN2])
    })
  })
})
