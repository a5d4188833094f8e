/** The augmentation plan: for every image and view, what was drawn for every transform that applies. Plain data. */
import * as Schema from "effect/Schema"
import { generator } from "../random/generator.ts"
import { type PresetName, presets } from "./presets.ts"
import { Sampled } from "./transforms/families.ts"
import { sampleTransforms } from "./transforms/sample.ts"
import { type Transforms, Transforms as TransformsSchema } from "./transforms/transform.ts"

/** One transform of one view: its place in the list, and its parameters. Transforms that do not apply are absent. */
export const DrawnTransform = Schema.Struct({ path: Schema.String, sampled: Sampled })

export const PlannedImage = Schema.Struct({
  /** SHA-256 of the image's bytes, in hex. */
  digest: Schema.String,
  /** For each view, the transforms in order of application. */
  views: Schema.Array(Schema.Array(DrawnTransform))
})
export type PlannedImage = typeof PlannedImage.Type

/** What the images of a plan have in common, and which they are. */
export const PlanHeader = Schema.Struct({
  transforms: TransformsSchema,
  seed: Schema.Int,
  views: Schema.Int,
  digests: Schema.Array(Schema.String)
})

export interface AugmentationPlan extends Schema.Schema.Type<typeof PlanHeader> {
  /** In the order of `digests`. Made or read anew each time they are gone through: never all in memory. */
  readonly images: Iterable<PlannedImage>
}

/** An image as `ingest` lists it: size in pixels, upright. The size only matters for lengths given in pixels. */
export interface PlanRow {
  readonly digest: string
  readonly width: number
  readonly height: number
}

/** The draws for one view of one image: a function of (seed, digest, view, transform) and of nothing else. */
export const planView = (transforms: Transforms, seed: number, row: PlanRow, view: number): PlannedImage["views"][0] =>
  sampleTransforms(transforms, (path) => generator("augment", seed, row.digest, view, path), row)

/** Rows of equal digest are planned once; images keep the order of the rows. */
export const augmentationPlan = (
  preset: PresetName | Transforms,
  seed: number,
  views: number,
  rows: Iterable<PlanRow>
): AugmentationPlan => {
  const transforms = typeof preset === "string" ? presets[preset] : preset
  const distinct = new Map<string, PlanRow>()
  for (const row of rows) if (!distinct.has(row.digest)) distinct.set(row.digest, row)
  const images = {
    *[Symbol.iterator]() {
      for (const row of distinct.values()) {
        const drawn = Array.from({ length: views }, (_, view) => planView(transforms, seed, row, view))
        yield { digest: row.digest, views: drawn }
      }
    }
  }
  return { transforms, seed, views, digests: [...distinct.keys()], images }
}

/** The plan of images that are only resized: validation and test, one view each. */
export const resizePlan = (digests: Iterable<string>): AugmentationPlan => {
  const distinct = [...new Set(digests)]
  const images = distinct.map((digest) => ({ digest, views: [[]] }))
  return { transforms: [], seed: 0, views: 1, digests: distinct, images }
}
