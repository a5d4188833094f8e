/** A pack of real training images → batch-norm statistics, estimated once, for the policy `adapt`. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Progress } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { openPack } from "../src/image/pack.ts"
import { backendNames, openBackend } from "../src/model/backends/open.ts"
import { calibrate as estimate } from "../src/model/calibrate.ts"
import { FineTuneOptions } from "../src/model/training/options.ts"
import { Pack } from "./artifacts/pack.ts"
import { Statistics } from "./artifacts/statistics.ts"
import { Weights } from "./artifacts/weights.ts"
import { allOf } from "./rows.ts"

const { variant, family, seed, batchSize } = FineTuneOptions.fields

export const calibrate = Stage.make({
  name: "calibrate",
  module: import.meta.url,
  params: Schema.Struct({
    variant,
    family,
    seed,
    batchSize,
    /** Estimated from so many images, or from all where there are fewer. */
    images: Schema.Int.check(Schema.isGreaterThanOrEqualTo(2)),
    backend: Schema.Literals(backendNames)
  }),
  inputs: { training: Stage.one(Pack), weights: Stage.optional(Weights) },
  output: Statistics,
  run: Effect.fnUntraced(function* ({ params: { backend, ...options }, inputs: { training, weights } }) {
    const progress = yield* Progress
    yield* openBackend(backend)
    // Whatever the head is: its own batch norm is not calibrated.
    const settings = { ...options, head: "original" } as const
    return yield* estimate(settings, weights, allOf(yield* openPack(training)), (completed, total) =>
      progress.report({ completed, total, unit: "batches" })
    )
  })
})
