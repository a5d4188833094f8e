/**
 * What any backend must do, asked of each that starts on this machine; the others are skipped with their reason. Optional
 * peers are installed by .ci/run for this file.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { type BackendName, backendNames, openBackend } from "../../src/model/backends/open.ts"
import { fineTune } from "../../src/model/fine-tune.ts"
import { efficientnetParity } from "../../src/model/parity.ts"
import { predict } from "../../src/model/predict.ts"
import * as tf from "../../src/model/tf.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { ellipses } from "./images.ts"

const goldens = new URL("../fixtures/model/efficientnet-micro", import.meta.url).pathname
const train = ellipses("train", 8, 32)
const validation = ellipses("validation", 8, 32)
const options = Schema.decodeUnknownSync(FineTuneOptions)({
  variant: "micro",
  frozenLayers: 2,
  epochs: 3,
  batchSize: 4,
  learningRate: 1e-3,
  averageDecay: 0.5
})

/** Set by .ci/run: this backend must start, and is the only one that is asked. */
const wanted = process.env.WANTED_BACKEND

it.skipIf(wanted === undefined)(`${wanted} starts`, async () => {
  const { name } = await Effect.runPromise(openBackend(wanted as BackendName))
  assert.strictEqual(name, wanted)
})

for (const name of backendNames.filter((name) => wanted === undefined || name === wanted)) {
  const opened = await Effect.runPromise(Effect.result(openBackend(name)))
  const why = opened._tag === "Success" ? opened.success.identity : opened.failure.message

  describe.skipIf(opened._tag === "Failure")(`backend ${name}: ${why}`, () => {
    it.live("computes torchvision's outputs, gradients, statistics and step", () =>
      Effect.gen(function* () {
        const lines = yield* efficientnetParity(goldens, name)
        const kinds = new Set(lines.map(({ quantity }) => quantity.split(/[/_]/)[0]))
        assert.deepStrictEqual([...kinds].sort(), ["eval", "grad", "loss", "running", "step", "train"])
        assert.deepStrictEqual(
          lines.filter(({ pass }) => !pass),
          []
        )
      })
    )

    it.live("trains to the same bytes twice, holding no more tensors or bytes after any epoch than before", () =>
      Effect.gen(function* () {
        yield* openBackend(name)
        const held: Array<string> = []
        const onEpoch = () => Effect.sync(() => void held.push(`${tf.memory().numTensors} ${tf.memory().numBytes}`))
        const before = tf.memory().numTensors
        const first = yield* fineTune(options, train, validation, { onEpoch })
        assert.strictEqual(new Set(held).size, 1, held.join(", "))
        assert.strictEqual(tf.memory().numTensors, before)
        const second = yield* fineTune(options, train, validation)
        assert.deepStrictEqual(second.weights, first.weights)
        assert.deepStrictEqual(second.history, first.history)
      })
    )

    it.live("predicts what plain JavaScript predicts", () =>
      Effect.gen(function* () {
        yield* openBackend("cpu")
        const { weights } = yield* fineTune({ ...options, epochs: 1 }, train, validation)
        const expected = yield* predict(weights, validation.images)
        yield* openBackend(name)
        const actual = yield* predict(weights, validation.images)
        for (const [i, logit] of actual.entries()) assert.closeTo(logit, expected[i]!, 1e-3 * (1 + Math.abs(logit)))
      })
    )
  })
}
