/** Weights from outside, of any format that is read → safetensors, so that training is keyed on the numbers alone. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { toSafetensors } from "../src/model/weights/convert.ts"
import { readLayersModel } from "../src/model/weights/layers-model.ts"
import { writeSafetensors } from "../src/model/weights/safetensors.ts"
import { WeightFile } from "./artifacts/weight-file.ts"
import { Weights } from "./artifacts/weights.ts"

export class NoWeights extends Schema.TaggedError<NoWeights>()("NoWeights", {
  place: Schema.String,
  found: Schema.Int
}) {
  override get message(): string {
    return `model.weights: ${this.place} is a folder of ${this.found} files without a model.json\n  mend: name the one file, or the folder of a TensorFlow.js layers-model`
  }
}

export const importWeights = Stage.make({
  name: "import-weights",
  module: import.meta.url,
  params: Schema.Struct({
    /** A file, or the folder of a layers-model; not for what was fetched. */
    path: Schema.optionalKey(Schema.String),
    /** What messages call the weights. */
    place: Schema.String
  }),
  inputs: { fetched: Stage.optional(WeightFile) },
  output: Weights,
  unkeyed: ["path", "place"],
  sources: ({ path }): Readonly<Record<string, string>> => (path === undefined ? {} : { "model.weights": path }),
  run: Effect.fnUntraced(function* ({ params: { place }, inputs: { fetched } }) {
    if (fetched) return yield* toSafetensors(fetched, place)
    const sources = yield* SourceFiles
    const files = new Map(sources.list("model.weights").map(({ path, digest }) => [path, digest]))
    const read = (path: string) => {
      const digest = files.get(path)
      return digest === undefined ? Effect.succeed(undefined) : sources.read(digest)
    }
    const model = yield* read("model.json")
    if (model) return writeSafetensors(yield* readLayersModel(model, read, place))
    if (files.size !== 1) return yield* new NoWeights({ place, found: files.size })
    return yield* toSafetensors(yield* sources.read([...files.values()][0]!), place)
  })
})
