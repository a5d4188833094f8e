/**
 * A plan and its images → a pack of small ones: decode, render every view, reduce. With a plan the training views of an
 * arm; without one, validation and test as they are. One code path for real and synthetic images.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ItemCache, Progress, SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { type PlannedImage, resizePlan } from "../src/image/plan.ts"
import { renderAll } from "../src/image/render-all.ts"
import { digestOfJson } from "../src/store/digest.ts"
import { AugmentationPlan } from "./artifacts/augmentation-plan.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { ImageFiles, listing } from "./artifacts/image-files.ts"
import { Pack } from "./artifacts/pack.ts"
import { Split } from "./artifacts/split.ts"

/** The pixels of one image depend on its bytes, its views' parameters and the side: nothing else is in the key. */
const imageCache = Effect.map(ItemCache, (items) => {
  const keyOf = (image: PlannedImage, side: number) => digestOfJson({ image, side })
  return {
    get: (image: PlannedImage, side: number) =>
      Effect.map(items.get(keyOf(image, side)), (found) => Option.getOrUndefined(found)),
    put: (image: PlannedImage, side: number, pixels: Uint8Array) => items.put(keyOf(image, side), pixels)
  }
})

export const resize = Stage.make({
  name: "resize",
  module: import.meta.url,
  params: Schema.Struct({ side: Schema.Int.check(Schema.isBetween({ minimum: 16, maximum: 1024 })) }),
  inputs: {
    plan: Stage.optional(AugmentationPlan),
    split: Stage.one(Split),
    real: Stage.one(Dataset),
    synthetic: Stage.optional(Dataset),
    files: Stage.many(ImageFiles)
  },
  output: Pack,
  run: Effect.fnUntraced(function* ({ params, inputs: { plan, split, real, synthetic, files } }) {
    const progress = yield* Progress
    const sources = yield* SourceFiles
    const rows = [...real.rows, ...(synthetic?.rows ?? [])]
    const held = new Set([...split.validation, ...split.test])
    const evaluation = real.rows.filter(({ id }) => held.has(id)).map(({ digest }) => digest)
    const names = new Map(rows.map(({ digest, path }) => [digest, path]))
    const embedded = new Map(
      Object.values(files).flatMap((set) => listing(set).map(({ digest }, at) => [digest, set[at]!.bytes] as const))
    )
    const read = (digest: string) =>
      embedded.has(digest) ? Effect.succeed(embedded.get(digest)!) : sources.read(digest)
    return yield* renderAll(
      plan ?? resizePlan(evaluation),
      read,
      { side: params.side, nameOf: (digest) => names.get(digest) ?? digest, cache: yield* imageCache },
      ({ done, total, cached }) =>
        done % 20 === 0 || done === total
          ? progress.report({ completed: done, total, unit: "images", metrics: { reused: cached } })
          : Effect.void
    )
  })
})
