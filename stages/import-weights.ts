/** Weights from outside, in any format that is read → safetensors, so that training is keyed on the bytes alone. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { readLayersModel } from "../src/model/weights/layers-model.ts"
import { writeSafetensors } from "../src/model/weights/safetensors.ts"
import { Weights } from "./artifacts/weights.ts"

export class NoWeights extends Schema.TaggedError<NoWeights>()("NoWeights", {
  path: Schema.String,
  found: Schema.Int
}) {
  override get message(): string {
    return `model.weights: ${this.path} is a folder of ${this.found} files without a model.json\n  mend: name the one file, or the folder of a TensorFlow.js layers-model`
  }
}

export const importWeights = Stage.make({
  name: "import-weights",
  module: import.meta.url,
  params: Schema.Struct({ path: Schema.String }),
  inputs: {},
  output: Weights,
  unkeyed: ["path"],
  sources: ({ path }): Readonly<Record<string, string>> => ({ "model.weights": path }),
  run: Effect.fnUntraced(function* ({ params }) {
    const sources = yield* SourceFiles
    const files = new Map(sources.list("model.weights").map(({ path, digest }) => [path, digest]))
    const read = (path: string) => {
      const digest = files.get(path)
      return digest === undefined ? Effect.succeed(undefined) : sources.read(digest)
    }
    const model = yield* read("model.json")
    if (model) return writeSafetensors(yield* readLayersModel(model, read, params.path))
    if (files.size !== 1) return yield* new NoWeights({ path: params.path, found: files.size })
    return yield* sources.read([...files.values()][0]!)
  })
})
