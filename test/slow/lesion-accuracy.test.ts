/** A small network learns the project's own task from random weights, on patients that it has never seen. */
import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { rankAuc } from "../../src/model/auc.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import { fineTune } from "../../src/model/fine-tune.ts"
import { predict } from "../../src/model/predict.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { initialise } from "../../src/model/weights/initialise.ts"
import { encodeValues } from "../../src/model/weights/values.ts"
import { imagesOf, type Part, patients } from "./lesion-task.ts"

/** Far enough apart for an ideal observer of the trait to have AUC Φ(5 / √2) = 0.9998: what is missed is the network's. */
const task = { seed: 1, patients: 700, melanoma: 0.5, separation: 5 }
const options = Schema.decodeUnknownSync(FineTuneOptions)({
  variant: "nano",
  frozenLayers: 0,
  epochs: 12,
  patience: 12,
  batchSize: 32,
  learningRate: 3e-3,
  schedule: "cosine",
  cosineEpochs: 12,
  seed: 1
})

const scored = (weights: Uint8Array, { images, labels }: Part) =>
  Effect.map(predict(weights, images), (logits) => ({
    auc: rankAuc(logits, labels),
    accuracy: Array.from(labels).filter((label, row) => logits[row]! > 0 === (label === 1)).length / labels.length
  }))

/**
 * Seeds 1, 2 and 3 of data and network together gave AUC .964, .980 and .978, and accuracy .895, .955 and .920, on 200
 * patients. Untrained weights of seeds 2 and 3 gave AUC .57 and .38, accuracy .52 and .50.
 */
it.live("nano learns the drawn lesions to a test AUC of .9 and an accuracy of .85; untrained it is far below", () =>
  Effect.gen(function* () {
    yield* openBackend("simd")
    const [train, validation, test] = patients(task, [400, 100, 200]).map((part) => imagesOf(task, part, 64))
    const plan = networkPlan(options)
    const before = yield* scored(encodeValues(plan, initialise(plan, options.seed)), test!)
    assert.isBelow(before.auc, 0.75)
    assert.isBelow(before.accuracy, 0.7)
    const { weights } = yield* fineTune(options, train!, validation!)
    const after = yield* scored(weights, test!)
    console.log(`untrained ${JSON.stringify(before)}, trained ${JSON.stringify(after)}`)
    assert.isAtLeast(after.auc, 0.9)
    assert.isAtLeast(after.accuracy, 0.85)
  })
)
