/**
 * A plan and its images → a pack of small ones: decode, render every view, reduce, in worker threads. With a plan the
 * training views of an arm; without one, validation and test as they are. One code path for real and synthetic images.
 * Neither plan nor pack is ever held in memory: how much is held depends on the images under way, not on their number.
 */
import { availableParallelism } from "node:os"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ItemCache, OutputFile, Progress, SourceFiles } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { type PlannedImage, resizePlan } from "../src/image/plan.ts"
import { openPlan } from "../src/image/plan-file.ts"
import { renderAll } from "../src/image/render-all.ts"
import { renderPool } from "../src/image/render-pool.ts"
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

/** Fewer images than this are rendered before threads have started. */
const fewImages = 200

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
    const file = yield* OutputFile
    const planned = plan === undefined ? resizePlan(evaluation) : openPlan(plan)
    const threads = planned.digests.length < fewImages ? 1 : availableParallelism()
    const cache = yield* imageCache
    return yield* Effect.scoped(
      Effect.flatMap(renderPool(threads), (renderer) =>
        file.write(
          renderAll(
            planned,
            read,
            {
              side: params.side,
              concurrency: 2 * threads + 2,
              nameOf: (digest) => names.get(digest) ?? digest,
              renderer,
              cache
            },
            ({ done, total, cached }) =>
              done % 20 === 0 || done === total
                ? progress.report({ completed: done, total, unit: "images", metrics: { reused: cached } })
                : Effect.void
          )
        )
      )
    )
  })
})
