import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option, Schema } from "effect"
import { openBackend } from "../../src/model/backends/open.ts"
import { type FineTuneHooks, fineTune } from "../../src/model/fine-tune.ts"
import { predict } from "../../src/model/predict.ts"
import * as tf from "../../src/model/tf.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { ellipses } from "./images.ts"

const train = ellipses("train", 24, 32, 2)
const validation = ellipses("validation", 12, 32)

const options = (changes: Partial<typeof FineTuneOptions.Encoded> = {}) =>
  Schema.decodeUnknownSync(FineTuneOptions)({
    variant: "micro",
    frozenLayers: 2,
    batchSize: 8,
    epochs: 3,
    learningRate: 3e-3,
    seed: 7,
    ...changes
  })

/** A checkpoint in memory. */
const memory = () => {
  const box: { bytes: Uint8Array | undefined } = { bytes: undefined }
  const checkpoint: NonNullable<FineTuneHooks["checkpoint"]> = {
    load: Effect.sync(() => Option.fromNullishOr(box.bytes)),
    save: (bytes) => Effect.sync(() => void Object.assign(box, { bytes: bytes.slice() }))
  }
  return { box, checkpoint }
}

const start = openBackend("wasm")
const bytes = (weights: Uint8Array) => Buffer.from(weights).toString("base64")

describe("fineTune", () => {
  it.live("gives the same bytes twice, leaves no tensor behind, and its weights predict what it measured", () =>
    Effect.gen(function* () {
      yield* start
      const counts: Array<string> = []
      const onEpoch = () => Effect.sync(() => void counts.push(`${tf.memory().numTensors} ${tf.memory().numBytes}`))
      const before = tf.memory().numTensors
      const first = yield* fineTune(options(), train, validation, { onEpoch })
      const second = yield* fineTune(options(), train, validation)
      assert.strictEqual(bytes(first.weights), bytes(second.weights))
      assert.deepStrictEqual(first.history, second.history)
      assert.strictEqual(tf.memory().numTensors, before)
      assert.strictEqual(new Set(counts).size, 1)
      const logits = yield* predict(first.weights, validation.images)
      const right = [...logits].filter((z, i) => z > 0 === (validation.labels[i] === 1)).length
      assert.strictEqual(right / 12, first.history[first.bestEpoch - 1]!.validation.accuracy)
    })
  )

  const everything: Partial<typeof FineTuneOptions.Encoded> = {
    optimiser: "adamw",
    weightDecay: 0.05,
    clipNorm: 1,
    accumulate: 2,
    schedule: "cosine",
    cosineEpochs: 6,
    warmUpEpochs: 1,
    averageDecay: 0.8,
    unfreeze: [{ epoch: 4, frozenLayers: 0 }]
  }
  it.live.each([
    ["with the defaults", {}],
    ["with everything switched on", everything],
    ["with sgd", { optimiser: "sgd", learningRate: 0.01 }]
  ] as const)("goes on from a checkpoint %s: three epochs and two more are five", ([_, settings]) =>
    Effect.gen(function* () {
      yield* start
      const { checkpoint } = memory()
      const before = tf.memory().numTensors
      const five = yield* fineTune(options({ ...settings, epochs: 5 }), train, validation)
      yield* fineTune(options({ ...settings, epochs: 3 }), train, validation, { checkpoint })
      const resumed = yield* fineTune(options({ ...settings, epochs: 5 }), train, validation, { checkpoint })
      assert.strictEqual(tf.memory().numTensors, before)
      assert.strictEqual(resumed.trained, 2)
      assert.strictEqual(bytes(resumed.weights), bytes(five.weights))
      assert.deepStrictEqual(resumed.history, five.history)
    })
  )

  it.live(
    "trains nothing for fewer epochs or less patience, with the bytes of a run that had them from the start",
    () =>
      Effect.gen(function* () {
        yield* start
        const { checkpoint } = memory()
        yield* fineTune(options({ epochs: 6 }), train, validation, { checkpoint })
        for (const fewer of [{ epochs: 1 }, { epochs: 2 }, { epochs: 4 }, { epochs: 6, patience: 1 }]) {
          const again = yield* fineTune(options(fewer), train, validation, { checkpoint })
          const fresh = yield* fineTune(options(fewer), train, validation)
          assert.strictEqual(again.trained, 0)
          assert.strictEqual(bytes(again.weights), bytes(fresh.weights))
          assert.deepStrictEqual({ ...again, trained: 0, weights: "" }, { ...fresh, trained: 0, weights: "" })
        }
      })
  )

  it.live("interrupted in the middle of an epoch, ends with the same bytes", () =>
    Effect.gen(function* () {
      yield* start
      const undisturbed = yield* fineTune(options(), train, validation)
      const { box, checkpoint } = memory()
      for (const stopAt of [1, 2, 4]) {
        let steps = 0
        const onStep = () => (++steps === stopAt ? Effect.interrupt : Effect.void)
        const fiber = yield* Effect.forkChild(fineTune(options(), train, validation, { checkpoint, onStep }))
        yield* Fiber.await(fiber)
        assert.isDefined(box.bytes)
      }
      const resumed = yield* fineTune(options(), train, validation, { checkpoint })
      assert.strictEqual(bytes(resumed.weights), bytes(undisturbed.weights))
      assert.deepStrictEqual(resumed.history, undisturbed.history)
    })
  )

  it.live("learns", () =>
    Effect.gen(function* () {
      yield* start
      const settings = { frozenLayers: 0, epochs: 8, momentum: 0.4, stochasticDepth: 0, epochLength: 48 }
      const { history, bestEpoch } = yield* fineTune(options(settings), train, validation)
      assert.isAbove(history[bestEpoch - 1]!.validation.auc!, 0.9)
    })
  )

  it.live("refuses more frozen layers than there are blocks, naming the range", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(fineTune(options({ variant: "b3", frozenLayers: 99 }), train, validation))
      assert.match(error.message, /^frozenLayers 99 of 26: .*0 .*26/)
    })
  )
})
