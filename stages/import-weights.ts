/** A weight file → an artifact, so that training is keyed on the file's bytes and not on its place. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { Weights } from "./artifacts/weights.ts"

export class NoWeights extends Schema.TaggedError<NoWeights>()("NoWeights", {
  path: Schema.String,
  found: Schema.Int
}) {
  override get message(): string {
    return `model.weights: ${this.path} is a folder with ${this.found} files\n  mend: name the one .safetensors file`
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
    const files = sources.list("model.weights")
    if (files.length !== 1) return yield* new NoWeights({ path: params.path, found: files.length })
    return yield* sources.read(files[0]!.digest)
  })
})
