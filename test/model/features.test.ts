import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { openBackend } from "../../src/model/backends/open.ts"
import type { FeatureSource, LabelledImages } from "../../src/model/data.ts"
import { calibrate, features } from "../../src/model/features.ts"
import { fineTune } from "../../src/model/fine-tune.ts"
import * as tf from "../../src/model/tf.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { decodeValues } from "../../src/model/weights/values.ts"
import { ellipses } from "./images.ts"

const settings = { variant: "micro", family: "torchvision", head: "original", seed: 3 } as const
const train = ellipses("train", 16, 32, 2)
const validation = ellipses("validation", 8, 32)

const asSource = (
  { images }: typeof train,
  { shape, done, data }: Effect.Success<ReturnType<typeof features>>
): FeatureSource => {
  const length = shape[0] * shape[1] * shape[2]
  return {
    size: images.size,
    views: images.views,
    shape,
    done,
    read: (row, view, into) => {
      const at = (row * images.views + view) * length
      into.set(data.subarray(at, at + length))
    }
  }
}

describe("the adapt policy", () => {
  beforeAll(() => Effect.runPromise(openBackend("wasm")))

  it.live.each([3, 6, "features"] as const)(
    "trains on features of %s layers as on the images, to the bit",
    (frozenLayers) =>
      Effect.gen(function* () {
        const before = tf.memory().numTensors
        const adapted = yield* calibrate({ ...settings, batchSize: 8, images: 16 }, undefined, train.images)
        const of = (data: typeof train): Effect.Effect<LabelledImages, unknown> =>
          Effect.map(features({ ...settings, frozenLayers, batchSize: 8 }, adapted, data.images), (result) => ({
            images: asSource(data, result),
            labels: data.labels
          }))
        const options = Schema.decodeUnknownSync(FineTuneOptions)({
          ...settings,
          policy: "adapt",
          frozenLayers,
          epochs: 2,
          batchSize: 8
        })
        const fromImages = yield* fineTune(options, train, validation, { pretrained: adapted })
        const fromFeatures = yield* fineTune(options, yield* of(train), yield* of(validation), { pretrained: adapted })
        assert.deepStrictEqual(fromFeatures.history, fromImages.history)
        assert.deepStrictEqual(fromFeatures.weights, fromImages.weights)
        assert.strictEqual(tf.memory().numTensors, before)
      })
  )

  it.live("refuses features of layers that are to train", () =>
    Effect.gen(function* () {
      const source = asSource(train, { shape: [4, 4, 24], done: 5, data: new Float32Array(16 * 2 * 384) })
      const options = Schema.decodeUnknownSync(FineTuneOptions)({ ...settings, policy: "adapt", frozenLayers: 3 })
      const error = yield* Effect.flip(fineTune(options, { ...train, images: source }, validation))
      assert.match(error.message, /features of 5 layers/)
    })
  )

  it.live("calibrates each running statistic to the mean over batches, and nothing else", () =>
    Effect.gen(function* () {
      const options = { ...settings, batchSize: 8 }
      const whole = yield* decodeValues(yield* calibrate({ ...options, images: 16 }, undefined, train.images))
      const first = yield* decodeValues(yield* calibrate({ ...options, images: 8 }, undefined, train.images))
      for (const { name, role } of whole.plan.list) {
        const same = Buffer.from(whole.values.get(name)!.buffer).equals(Buffer.from(first.values.get(name)!.buffer))
        assert.strictEqual(same, !(role === "mean" || role === "variance") || name.startsWith("classifier"), name)
      }
      // The mean over two halves is the mean over all: of the stem, which sees the same input either way.
      const once = yield* decodeValues(
        yield* calibrate({ ...settings, batchSize: 16, images: 16 }, undefined, train.images)
      )
      const [mean, other] = [whole, once].map(({ values }) => values.get("features.0.1.running_mean")!)
      for (const [i, value] of mean!.entries()) assert.closeTo(value, other![i]!, 1e-6)
    })
  )
})
