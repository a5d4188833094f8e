/**
 * A description of data sets → the same with a contact sheet of augmented views: one image as it is and as it would be
 * trained on. Apart from `describe`, so that another augmentation leaves what is known of the images as it is.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { viewsSheet } from "../src/image/data-sheets.ts"
import { presets } from "../src/image/presets.ts"
import { DataDescription } from "./artifacts/data-description.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { ImageFiles, listing } from "./artifacts/image-files.ts"
import { TransformList } from "./transform-list.ts"

export const previewAugmentation = Stage.make({
  name: "preview-augmentation",
  module: import.meta.url,
  params: Schema.Struct({
    transforms: TransformList,
    seed: Schema.Int,
    views: Schema.Int,
    side: Schema.Int
  }),
  inputs: { described: Stage.one(DataDescription), real: Stage.one(Dataset), files: Stage.many(ImageFiles) },
  output: DataDescription,
  run: Effect.fnUntraced(function* ({ params: { transforms, ...views }, inputs: { described, real, files } }) {
    const shown = real.rows.find(({ label }) => label === 1) ?? real.rows[0]
    if (shown === undefined) return described
    const [bytes] = Object.values(files).flatMap((set) =>
      listing(set).flatMap(({ digest }, at) => (digest === shown.digest ? [set[at]!.bytes] : []))
    )
    const sources = yield* SourceFiles
    const read = (digest: string) => (bytes === undefined ? sources.read(digest) : Effect.succeed(bytes))
    const list = typeof transforms === "string" ? presets[transforms] : transforms
    const { name, png } = yield* viewsSheet("views.png", shown, { ...views, transforms: list }, read)
    return { ...described, sheets: [...described.sheets, { name, png: Buffer.from(png).toString("base64") }] }
  })
})
