import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { openBackend } from "../../src/model/backends/open.ts"
import type { SimdBackend } from "../../src/model/backends/simd/backend.ts"
import { fineTune } from "../../src/model/fine-tune.ts"
import * as tf from "../../src/model/tf.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { ellipses } from "../model/images.ts"

it.live("200 steps on simd take no more memory than the first ten, nor more tensors", () =>
  Effect.gen(function* () {
    yield* openBackend("simd")
    const { machine } = tf.backend() as SimdBackend
    const options = Schema.decodeUnknownSync(FineTuneOptions)({
      variant: "nano",
      frozenLayers: 1,
      epochs: 40,
      patience: 40,
      // Batches of 16, and a last one of 8: other sizes come and go.
      batchSize: 16,
      epochLength: 72,
      averageDecay: 0.9,
      clipNorm: 1
    })
    const held: Array<readonly [tensors: number, bytes: number, heap: number]> = []
    const onEpoch = () =>
      Effect.sync(() => void held.push([tf.memory().numTensors, tf.memory().numBytes, machine.space.taken]))
    const before = tf.memory().numTensors
    yield* fineTune(options, ellipses("train", 40, 64, 2), ellipses("validation", 8, 64), { onEpoch })
    assert.lengthOf(held, 40)
    for (const later of held.slice(2)) assert.deepStrictEqual(later, held[1])
    assert.strictEqual(tf.memory().numTensors, before)
  })
)
