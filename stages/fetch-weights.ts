/**
 * An address with a digest → the file, once: the store keeps it under the digest, wherever it came from. A stage of its
 * own, so that a change of how files are read fetches nothing again.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Progress } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { fetchPinned, sizeLimit } from "../src/model/weights/fetch.ts"
import { WeightFile } from "./artifacts/weight-file.ts"

export const fetchWeights = Stage.make({
  name: "fetch-weights",
  module: import.meta.url,
  params: Schema.Struct({ url: Schema.String, sha256: Schema.String }),
  inputs: {},
  output: WeightFile,
  unkeyed: ["url"],
  run: Effect.fnUntraced(function* ({ params }) {
    const progress = yield* Progress
    let [received, total] = [0, 0]
    const report = Effect.suspend(() => progress.report({ completed: received, total, unit: "bytes" }))
    const ticking = Effect.forever(Effect.andThen(Effect.sleep("200 millis"), report))
    const onBytes = (bytes: number, all: number | undefined) => {
      received = bytes
      total = all ?? bytes
    }
    return yield* Effect.raceFirst(fetchPinned(params, { limit: sizeLimit, onBytes }), ticking)
  })
})
