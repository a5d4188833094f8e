/** Evaluations and the networks behind them → the worst mistakes as pictures, each with what the network looked at. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { overlay } from "../src/image/overlay.ts"
import { openPack } from "../src/image/pack.ts"
import { backendNames, openBackend } from "../src/model/backends/open.ts"
import { gradCam } from "../src/model/grad-cam.ts"
import type { Mistake } from "../src/report/input.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Evaluation } from "./artifacts/evaluation.ts"
import { Mistakes } from "./artifacts/mistakes.ts"
import { Model } from "./artifacts/model.ts"
import { Pack } from "./artifacts/pack.ts"
import { png } from "./png.ts"
import { imagesOf } from "./rows.ts"
import { worst } from "./show-mistakes/worst.ts"

export const showMistakes = Stage.make({
  name: "show-mistakes",
  module: import.meta.url,
  params: Schema.Struct({
    /** In the order of the comparison, with the names that `models` and `evaluations` have for them. */
    runs: Schema.Array(Schema.Struct({ arm: Schema.String, seed: Schema.Int, name: Schema.String })),
    backend: Schema.Literals(backendNames)
  }),
  inputs: {
    real: Stage.one(Dataset),
    evaluation: Stage.one(Pack),
    models: Stage.many(Model),
    evaluations: Stage.many(Evaluation)
  },
  output: Mistakes,
  run: Effect.fnUntraced(function* ({ params: { runs, backend }, inputs }) {
    yield* openBackend(backend)
    const pack = yield* openPack(inputs.evaluation)
    const digests = new Map(inputs.real.rows.map(({ id, digest }) => [id, digest]))
    const found = worst(runs.map((run) => ({ ...run, ...inputs.evaluations[run.name]! })))
    return yield* Effect.forEach(
      found,
      Effect.fnUntraced(function* ({ name, ...mistake }) {
        const row = { id: mistake.id, digest: digests.get(mistake.id) ?? "" }
        const source = imagesOf(pack, [row])
        const pixels = pack.image(pack.indexOf(row.digest)!)
        // The map is of the class that was called, which is the wrong one.
        const map = yield* gradCam(inputs.models[name]!.weights, source, { towards: [1 - mistake.label] })
        return {
          ...mistake,
          image: yield* png(pixels, pack.side),
          overlay: yield* png(overlay(pixels, pack.side, map.data, map.side), pack.side),
          map: { block: map.block, side: map.side }
        } satisfies Mistake
      })
    )
  })
})
