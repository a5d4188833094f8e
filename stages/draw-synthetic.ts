/** The demo's "GAN" set: melanomas derived, in a worse quality, from training images only. */
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { ganLikeImages } from "../src/procedural/gan-like-images.ts"
import { LesionSetOptions } from "../src/procedural/lesion-images.ts"
import { ImageFiles } from "./artifacts/image-files.ts"
import { Split } from "./artifacts/split.ts"

export const drawSynthetic = Stage.make({
  name: "draw-synthetic",
  module: import.meta.url,
  params: Schema.Struct({
    seed: Schema.Int,
    count: Schema.Int.check(Schema.isGreaterThan(0)),
    /** The options that the real images were drawn with. */
    source: LesionSetOptions
  }),
  inputs: { split: Stage.one(Split) },
  output: ImageFiles,
  run: ({ params, inputs }) => ganLikeImages({ ...params, trainedOn: inputs.split.train })
})
