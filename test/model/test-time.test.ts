import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { openBackend } from "../../src/model/backends/open.ts"
import { fineTune } from "../../src/model/fine-tune.ts"
import { predict } from "../../src/model/predict.ts"
import { dihedral, predictMean } from "../../src/model/test-time.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { ellipses } from "./images.ts"

const { images, labels } = ellipses("test time", 6, 32)

describe("test-time augmentation", () => {
  it("shows the eight symmetries of a picture, each once", () => {
    const picture = Uint8Array.from({ length: 3 * 9 }, (_, i) => Math.floor(i / 3))
    const source = dihedral({ size: 1, views: 1, side: 3, read: (_row, _view, into) => into.set(picture) })
    const seen = Array.from({ length: 8 }, (_, view) => {
      const into = new Uint8Array(27)
      source.read(0, view, into)
      return [...into].filter((_, i) => i % 3 === 0)
    })
    assert.deepStrictEqual(seen[0], [0, 1, 2, 3, 4, 5, 6, 7, 8])
    assert.strictEqual(new Set(seen.map(String)).size, 8)
    for (const view of seen) {
      assert.strictEqual(view[4], 4)
      // Corners stay corners, and opposite ones opposite.
      assert.strictEqual(view[0]! + view[8]!, 8)
      assert.strictEqual(view[2]! + view[6]!, 8)
    }
  })

  it.live("averages the logits of the views", () =>
    Effect.gen(function* () {
      yield* openBackend("wasm")
      const options = Schema.decodeUnknownSync(FineTuneOptions)({ variant: "micro", epochs: 1, frozenLayers: 6 })
      const { weights } = yield* fineTune(options, { images, labels }, { images, labels })
      const source = dihedral(images)
      const mean = yield* predictMean(weights, source)
      const views = yield* Effect.forEach([0, 1, 2, 3, 4, 5, 6, 7], (view) => predict(weights, source, { view }))
      for (const [row, logit] of mean.entries()) {
        assert.closeTo(logit, views.reduce((sum, logits) => sum + logits[row]!, 0) / 8, 1e-6)
      }
    })
  )
})
