import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { familiesOf } from "../../src/model/architecture/family.ts"
import { layersOf, through } from "../../src/model/architecture/forward.ts"
import { batchMode, inferenceMode } from "../../src/model/architecture/modes.ts"
import { networkPlan, parameterCount } from "../../src/model/architecture/network.ts"
import { isStatistic, type Leaf, weightTree } from "../../src/model/architecture/tree.ts"
import { architecture } from "../../src/model/architecture/variants.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import { inputBatch } from "../../src/model/data.ts"
import * as tf from "../../src/model/tf.ts"
import { freezing } from "../../src/model/training/freezing.ts"
import { createModel, keeping, weightsOf } from "../../src/model/training/step.ts"
import { initialise } from "../../src/model/weights/initialise.ts"
import { readLayersModel } from "../../src/model/weights/layers-model.ts"
import { naming } from "../../src/model/weights/naming.ts"
import { takeValues } from "../../src/model/weights/take.ts"
import { generator } from "../../src/random/generator.ts"
import { kerasResNet, savedModel } from "./keras-resnet.ts"

const plan = networkPlan({ variant: "resnet-micro", family: "keras-2.2", head: "plain" })

const leavesOf = (family: "torchvision" | "keras") => {
  const shapes = architecture("resnet50")
  const list: Array<Leaf> = []
  weightTree(shapes, "plain", naming(family, shapes)!, (leaf) => list.push(leaf), 1000)
  return list
}
const total = (leaves: ReadonlyArray<Leaf>) =>
  leaves.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)

describe("ResNet-50", () => {
  it("has the published number of parameters with 1,000 classes", () => {
    assert.strictEqual(parameterCount(leavesOf("torchvision")), 25_557_032)
    // Keras counts the running statistics too, and its convolutions have biases: one a batch-norm channel.
    const channels = total(leavesOf("keras").filter(({ role }) => role === "scale"))
    assert.strictEqual(total(leavesOf("keras")) + channels, 25_636_712)
  })

  it("has 16 blocks in 4 stages, of which any number can be frozen", () => {
    const resnet50 = networkPlan({ variant: "resnet50", family: "torchvision", head: "original" })
    const depth = (frozen: number | string) => Effect.runSync(freezing(resnet50, "inference", frozen)).depth
    assert.deepStrictEqual([0, 3, "stage1", "stage3", "all", "features"].map(depth), [0, 4, 4, 14, 17, 18])
    const refused = Effect.runSync(Effect.flip(freezing(resnet50, "inference", 17)))
    assert.match(refused.message, /ResNet-50 has 16 blocks.*stage1 to stage4/)
  })

  it("takes BGR less Caffe's mean under Keras's families, ImageNet's mean and deviation under the others", () => {
    const pixel = {
      size: 1,
      views: 1,
      side: 1,
      read: (_: number, __: number, into: Uint8Array) => into.set([10, 20, 30])
    }
    for (const family of familiesOf("resnet50")) {
      const { properties } = networkPlan({ variant: "resnet50", family, head: "plain" })
      const [a, b, c] = inputBatch(pixel, [{ row: 0, view: 0 }], properties).x.dataSync()
      const expected = family.startsWith("keras")
        ? [30 - 103.939, 20 - 116.779, 10 - 123.68]
        : [(10 / 255 - 0.485) / 0.229, (20 / 255 - 0.456) / 0.224, (30 / 255 - 0.406) / 0.225]
      for (const [i, value] of [a, b, c].entries()) assert.closeTo(value!, expected[i]!, 1e-4)
    }
  })
})

/** Reference and ours, from one file. */
const both = async () => {
  const reference = kerasResNet(1)
  const { json, shards } = await savedModel(reference)
  const file = await Effect.runPromise(readLayersModel(json, (path) => Effect.succeed(shards.get(path)), "micro"))
  const taken = await Effect.runPromise(takeValues(plan, file, { family: "keras-2.2", newHead: true, place: "micro" }))
  const random = generator("resnet images", 1)
  const x = tf.tensor4d(
    Array.from({ length: 4 * 37 * 37 * 3 }, () => random.uniform(-100, 100)),
    [4, 37, 37, 3]
  )
  const pooled = tf.model({
    inputs: reference.inputs,
    outputs: reference.getLayer("avg_pool").output as tf.SymbolicTensor
  })
  return { reference, pooled, taken, model: createModel(plan, new Map([...initialise(plan, 1), ...taken.values])), x }
}

const relative = (actual: Float32Array, expected: Float32Array) => {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0) / scale
}

for (const backend of ["simd", "wasm", "cpu"] as const) {
  describe(`a small ResNet of TensorFlow.js's own layers, on ${backend}`, () => {
    beforeAll(() => Effect.runPromise(openBackend(backend)))

    it("gives the same features at inference, the biases of its convolutions among its running means", async () => {
      const { pooled, taken, model, x } = await both()
      assert.deepStrictEqual(taken.absent, ["fc.weight", "fc.bias"])
      const mode = inferenceMode(plan.properties.epsilon)
      const ours = through(
        layersOf(plan).map((layer) => (x) => layer(mode, weightsOf(model), x)),
        x
      ).dataSync<"float32">()
      await tf.setBackend("cpu")
      const theirs = (pooled.predict(x) as tf.Tensor).dataSync<"float32">()
      await tf.setBackend(backend)
      assert.isBelow(relative(ours, theirs), 1e-5)
    })

    it("gives the same features and gradients in training", async () => {
      const { reference, pooled, model, x } = await both()
      const mode = batchMode(plan.properties.epsilon, ({ mean, variance }) => tf.dispose([mean, variance]), keeping)
      const mask = tf.tensor1d(Array.from({ length: 32 }, (_, i) => Math.cos(i)))
      const trained = plan.list.filter(({ role, name }) => !isStatistic(role) && !name.startsWith("fc."))
      const ours = tf.valueAndGrads(() => {
        const layers = layersOf(plan).map((layer) => (x: tf.Tensor4D) => layer(mode, weightsOf(model), x))
        return layers
          .reduce((features, layer) => layer(features), x)
          .reshape([-1, 32])
          .mul(mask)
          .sum() as tf.Scalar
      })(trained.map(({ name }) => model.tensors.get(name)!))
      const mine = { value: ours.value.dataSync()[0]!, grads: ours.grads.map((grad) => grad.dataSync<"float32">()) }
      await tf.setBackend("cpu")
      const theirs = tf.variableGrads(
        () => (pooled.apply(x, { training: true }) as tf.Tensor).mul(mask).sum() as tf.Scalar
      )
      const keras: Array<Leaf> = []
      weightTree(plan.architecture, "plain", naming("keras-2.2", plan.architecture)!, (leaf) => keras.push(leaf))
      const gradients = new Map(
        reference.trainableWeights.map(({ originalName, name }) => [originalName, theirs.grads[name]])
      )
      assert.closeTo(mine.value, theirs.value.dataSync()[0]!, 1e-3 * Math.abs(mine.value))
      for (const [index, leaf] of trained.entries()) {
        const name = keras[plan.list.indexOf(leaf)]!.name
        assert.isBelow(relative(mine.grads[index]!, gradients.get(name)!.dataSync<"float32">()), 1e-4, name)
      }
      await tf.setBackend(backend)
    })
  })
}
