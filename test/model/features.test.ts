import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import { calibrate } from "../../src/model/calibrate.ts"
import type { FeatureSource, LabelledImages } from "../../src/model/data.ts"
import { type FeatureProgress, type ImageFeatures, trunkFeatures } from "../../src/model/features/compute.ts"
import { bytesOf, encodeHead, openFeatures, type Precision } from "../../src/model/features/pack.ts"
import { fineTune } from "../../src/model/fine-tune.ts"
import * as tf from "../../src/model/tf.ts"
import { freezing } from "../../src/model/training/freezing.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { readSafetensors } from "../../src/model/weights/safetensors.ts"
import { bodyStatistics } from "../../src/model/weights/statistics.ts"
import { ellipses } from "./images.ts"

const settings = { variant: "micro", family: "torchvision", head: "original", seed: 3 } as const
const train = ellipses("train", 16, 32, 2)
const validation = ellipses("validation", 8, 32)
type Images = typeof train.images

/** The pack as the stage writes it, in memory. */
const packOf = (images: Images, depth: number, statistics?: Uint8Array, precision: Precision = "float32") =>
  Effect.gen(function* () {
    const parts: Array<Uint8Array> = []
    const keys = Array.from({ length: images.size }, (_, row) => `image ${row}`)
    const rows = trunkFeatures({ ...settings, depth, batchSize: 6 }, { pretrained: undefined, statistics }, images)
    yield* Stream.runForEach(rows, (some) =>
      Effect.sync(() => {
        const [{ shape }] = some as [ImageFeatures]
        const head = { version: 1, precision, shape, done: depth, views: images.views, keys } as const
        if (parts.length === 0) parts.push(encodeHead(head))
        for (const { numbers } of some) parts.push(bytesOf(precision, numbers).slice())
      })
    )
    const bytes = Buffer.concat(parts)
    return { bytes, pack: openFeatures(inMemory(bytes)) }
  })

const inMemory = (bytes: Uint8Array) => ({
  size: bytes.length,
  read: (position: number, into: Uint8Array) => into.set(bytes.subarray(position, position + into.length))
})

const sourceOf = (images: Images, pack: ReturnType<typeof openFeatures>): FeatureSource => ({
  ...pack,
  size: images.size
})

for (const backend of ["wasm", "simd"] as const) {
  describe(`training behind a frozen trunk on ${backend}`, () => {
    beforeAll(() => Effect.runPromise(openBackend(backend)))

    it.live.each([
      ["adapt", 3],
      ["adapt", 6],
      ["inference", 2],
      ["inference", "features"]
    ] as const)(
      "under %s with %s layers frozen gives on features what it gives on images, to the bit",
      ([policy, frozenLayers]) =>
        Effect.gen(function* () {
          const before = tf.memory().numTensors
          const statistics =
            policy === "adapt"
              ? yield* calibrate({ ...settings, batchSize: 8, images: 16 }, undefined, train.images)
              : undefined
          const { depth } = yield* freezing(networkPlan(settings), policy, frozenLayers)
          const of = (data: typeof train): Effect.Effect<LabelledImages, unknown> =>
            Effect.map(packOf(data.images, depth, statistics), ({ pack }) => ({
              images: sourceOf(data.images, pack),
              labels: data.labels
            }))
          const changes = { policy, frozenLayers, epochs: 2, batchSize: 8 }
          const options = Schema.decodeUnknownSync(FineTuneOptions)({ ...settings, ...changes })
          const fromImages = yield* fineTune(options, train, validation, { statistics })
          const fromFeatures = yield* fineTune(options, yield* of(train), yield* of(validation), { statistics })
          assert.deepStrictEqual(fromFeatures.history, fromImages.history)
          assert.deepStrictEqual(fromFeatures.weights, fromImages.weights)
          assert.strictEqual(tf.memory().numTensors, before)
        })
    )
  })
}

describe("features", () => {
  beforeAll(() => Effect.runPromise(openBackend("simd")))

  it.live("that are too deep for a training are refused", () =>
    Effect.gen(function* () {
      const { pack } = yield* packOf(train.images, 5)
      const options = Schema.decodeUnknownSync(FineTuneOptions)({ ...settings, policy: "adapt", frozenLayers: 3 })
      const images = sourceOf(train.images, pack)
      const error = yield* Effect.flip(fineTune(options, { ...train, images }, validation))
      assert.match(error.message, /features of 5 layers/)
    })
  )

  it.live("are the same whatever images they are computed with, from nothing or from fewer layers", () =>
    Effect.gen(function* () {
      const kept = new Map<string, ImageFeatures>()
      const run = (depth: number, batchSize: number) =>
        Effect.gen(function* () {
          let last: FeatureProgress | undefined
          const stream = trunkFeatures(
            { ...settings, depth, batchSize },
            { pretrained: undefined, statistics: undefined },
            train.images,
            {
              get: (row, trunk) => Effect.succeed(kept.get(`${row} ${trunk}`)),
              put: (row, trunk, features) => Effect.sync(() => void kept.set(`${row} ${trunk}`, features))
            },
            (progress) => Effect.sync(() => (last = progress))
          )
          const rows = (yield* Stream.runCollect(stream)).flat()
          return { rows, last: last! }
        })
      const { rows: fresh } = yield* run(5, 64)
      kept.clear()
      const shallow = yield* run(2, 3)
      assert.deepStrictEqual(shallow.last, { done: 16, total: 16, cached: 0, begun: 0 })
      const deeper = yield* run(5, 10)
      assert.deepStrictEqual(deeper.last, { done: 16, total: 16, cached: 0, begun: 16 })
      assert.deepStrictEqual(deeper.rows, fresh)
      const again = yield* run(5, 10)
      assert.deepStrictEqual(again.last, { done: 16, total: 16, cached: 16, begun: 0 })
      assert.deepStrictEqual(again.rows, fresh)
    })
  )

  it.live("in half precision take half the room, and are off by half a unit in the eleventh bit", () =>
    Effect.gen(function* () {
      const whole = yield* packOf(train.images, 4)
      const half = yield* packOf(train.images, 4, undefined, "float16")
      const [height, width, channels] = whole.pack.shape
      const numbers = height * width * channels
      assert.closeTo(half.bytes.length / whole.bytes.length, 0.5, 0.01)
      const [a, b] = [new Float32Array(numbers), new Float32Array(numbers)]
      for (const [row, view] of [
        [0, 0],
        [15, 1]
      ] as const) {
        whole.pack.read(row, view, a)
        half.pack.read(row, view, b)
        for (const [i, value] of a.entries())
          assert.isAtMost(Math.abs(value - b[i]!), Math.abs(value) * 2 ** -11 + 2 ** -25)
      }
    })
  )

  it.live("that are damaged are refused", () =>
    Effect.gen(function* () {
      const { bytes } = yield* packOf(train.images, 1)
      const cut = Buffer.from(bytes.subarray(0, bytes.length - 1))
      assert.throws(() => openFeatures(inMemory(cut)), /its header speaks of/)
      assert.throws(() => openFeatures(inMemory(bytes.subarray(0, 9))), /does not begin with/)
      const long = Buffer.from(bytes)
      long.writeUInt32LE(0xffffffff, 8)
      assert.throws(() => openFeatures(inMemory(long)), /a header of 4294967295 bytes/)
    })
  )
})

describe("calibration", () => {
  beforeAll(() => Effect.runPromise(openBackend("simd")))

  it.live("estimates each running statistic as the mean over batches", () =>
    Effect.gen(function* () {
      const of = (batchSize: number, images: number) =>
        Effect.flatMap(calibrate({ ...settings, batchSize, images }, undefined, train.images), (bytes) =>
          Effect.map(readSafetensors(bytes, "statistics"), ({ tensors }) => tensors)
        )
      const [whole, first, once] = [yield* of(8, 16), yield* of(8, 8), yield* of(16, 16)]
      const names = bodyStatistics(networkPlan(settings)).map(({ name }) => name)
      assert.sameMembers([...whole.keys()], names)
      for (const name of names) assert.notDeepEqual(whole.get(name), first.get(name), name)
      // The mean over two halves is the mean over all: of the stem, which sees the same input either way.
      const [mean, other] = [whole, once].map((tensors) => tensors.get("features.0.1.running_mean")!.data)
      for (const [i, value] of mean!.entries()) assert.closeTo(value, other![i]!, 1e-6)
    })
  )

  it.live("is refused by another network", () =>
    Effect.gen(function* () {
      const statistics = yield* calibrate({ ...settings, batchSize: 8, images: 8 }, undefined, train.images)
      const options = Schema.decodeUnknownSync(FineTuneOptions)({ ...settings, variant: "nano", frozenLayers: 1 })
      const error = yield* Effect.flip(fineTune(options, train, validation, { statistics }))
      assert.match(error.message, /calibrated statistics: tensor "features.* They are of another network/)
    })
  )
})
