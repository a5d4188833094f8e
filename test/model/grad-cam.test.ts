import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { classify, layersOf, through } from "../../src/model/architecture/forward.ts"
import { inferenceMode } from "../../src/model/architecture/modes.ts"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import { inputBatch } from "../../src/model/data.ts"
import { gradCam, mappedLayer } from "../../src/model/grad-cam.ts"
import * as tf from "../../src/model/tf.ts"
import { createModel, disposeModel, weightsOf } from "../../src/model/training/step.ts"
import { initialise } from "../../src/model/weights/initialise.ts"
import { encodeValues } from "../../src/model/weights/values.ts"
import { ellipses } from "./images.ts"

const plan = networkPlan({ variant: "micro", family: "torchvision", head: "original" })
const values = initialise(plan, 5)
const weights = encodeValues(plan, values)
const { images } = ellipses("cam", 3, 64)

/**
 * The maps by central differences through the inference network: the mean gradient of a channel is the derivative by a
 * shift of the whole channel, divided by the number of positions.
 */
const byDifferences = (towards: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> =>
  tf.tidy(() => {
    const model = createModel(plan, values)
    const mode = inferenceMode(plan.properties.epsilon)
    const tree = weightsOf(model)
    const layers = layersOf(plan).map((layer) => (x: tf.Tensor4D) => layer(mode, tree, x))
    const split = mappedLayer(plan) + 1
    const draws = towards.map((_, row) => ({ row, view: 0 }))
    const mapped = through(layers.slice(0, split), inputBatch(images, draws, plan.properties).x)
    const [, height, width, channels] = mapped.shape
    const logits = (x: tf.Tensor4D) => classify(mode, tree, through(layers.slice(split), x)).dataSync()
    const step = 0.02
    const maps = towards.map(() => new Array<number>(height * width).fill(0))
    const features = mapped.arraySync()
    for (let k = 0; k < channels; k++) {
      const shift = tf.oneHot([k], channels).mul(step).reshape([1, 1, 1, channels])
      const [up, down] = [logits(mapped.add(shift)), logits(mapped.sub(shift))]
      for (const [row, map] of maps.entries()) {
        const weight = ((towards[row] === 1 ? 1 : -1) * (up[row]! - down[row]!)) / (2 * step) / (height * width)
        for (let at = 0; at < map.length; at++) {
          map[at]! += weight * features[row]![Math.floor(at / width)]![at % width]![k]!
        }
      }
    }
    disposeModel(model)
    return maps.map((map) => {
      const positive = map.map((value) => Math.max(0, value))
      const largest = Math.max(...positive)
      return largest > 0 ? positive.map((value) => value / largest) : positive
    })
  })

describe("Grad-CAM", () => {
  beforeAll(() => Effect.runPromise(openBackend("wasm")))

  it.each([
    ["b3", 18],
    ["b0", 11],
    ["micro", 6],
    ["nano", 7],
    ["resnet50", 13]
  ] as const)("looks at %s where the image is reduced by 16: layer %i", (variant, layer) => {
    assert.strictEqual(mappedLayer(networkPlan({ variant, family: "torchvision", head: "original" })), layer)
  })

  it.live.each([{ towards: [1, 1, 1] }, { towards: [0, 1, 0] }])(
    "has the weights of central differences: $towards",
    ({ towards }) =>
      Effect.gen(function* () {
        const before = tf.memory().numTensors
        const maps = yield* gradCam(weights, images, { towards, batchSize: 2 })
        assert.strictEqual(tf.memory().numTensors, before)
        assert.deepStrictEqual([maps.block, maps.side, maps.data.length], [5, 4, 3 * 16])
        const expected = byDifferences(towards).flat()
        for (const [at, value] of maps.data.entries()) assert.closeTo(value, expected[at]!, 5e-3, `cell ${at}`)
        assert.isTrue(maps.data.every((value) => value >= 0 && value <= 1))
        assert.isTrue(maps.data.some((value) => value === 1))
      })
  )

  it.live("says nothing for a class that nothing in the image speaks for", () =>
    Effect.gen(function* () {
      const silent = new Map(values)
      const named = plan.list.filter(
        ({ layer, role }) => layer === 2 + plan.architecture.blocks.length && role === "linear"
      )
      for (const { name } of named) silent.set(name, new Float32Array(values.get(name)!.length))
      const maps = yield* gradCam(encodeValues(plan, silent), images)
      assert.isTrue(maps.data.every((value) => value === 0))
    })
  )
})
