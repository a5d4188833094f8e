/** One training image and its augmented views → a picture for the report: what the network is really shown. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { contactSheet } from "../src/image/contact-sheet.ts"
import type { PlannedImage } from "../src/image/plan.ts"
import { openPlan } from "../src/image/plan-file.ts"
import { renderViews } from "../src/image/render.ts"
import { AugmentationPlan } from "./artifacts/augmentation-plan.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { ImageFiles, listing } from "./artifacts/image-files.ts"
import { ViewsSheet } from "./artifacts/views-sheet.ts"

/** Views shown at most, after the image itself. */
const most = 11
const across = 4

/** Goes through the plan up to that image: a plan is never held whole. */
const viewsOf = (images: Iterable<PlannedImage>, digest: string): PlannedImage["views"] => {
  for (const image of images) if (image.digest === digest) return image.views
  return []
}

export const showViews = Stage.make({
  name: "show-views",
  module: import.meta.url,
  params: Schema.Struct({ side: Schema.Int }),
  inputs: { plan: Stage.one(AugmentationPlan), real: Stage.one(Dataset), files: Stage.many(ImageFiles) },
  output: ViewsSheet,
  run: Effect.fnUntraced(function* ({ params: { side }, inputs: { plan, real, files } }) {
    const sources = yield* SourceFiles
    const { digests, images: planned } = openPlan(plan)
    const known = new Set(digests)
    const inPlan = real.rows.filter(({ digest }) => known.has(digest))
    const shown = inPlan.find(({ label }) => label === 1) ?? inPlan[0]
    if (shown === undefined) return null
    const embedded = Object.values(files).flatMap((set) =>
      listing(set).flatMap(({ digest }, at) => (digest === shown.digest ? [set[at]!.bytes] : []))
    )[0]
    const views = viewsOf(planned, shown.digest).slice(0, most)
    const bytes = embedded ?? (yield* sources.read(shown.digest))
    const pixels = yield* renderViews(bytes, [[], ...views], side, { name: shown.path })
    const length = side * side * 3
    const images = Array.from({ length: views.length + 1 }, (_, at) => pixels.subarray(at * length, (at + 1) * length))
    const sheet = yield* contactSheet({ side, images, columns: across })
    return { id: shown.id, views: views.length, image: Buffer.from(sheet).toString("base64") }
  })
})
