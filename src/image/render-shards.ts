/**
 * A plan → several packs of bounded size, one in memory at a time: 30,000 images of 128 × 128 are 1.4 GiB a view, more
 * than a run should hold.
 */
import * as Effect from "effect/Effect"
import type { UnreadableImage } from "./error.ts"
import type { AugmentationPlan } from "./plan.ts"
import { type RenderOptions, type RenderProgress, renderAll } from "./render-all.ts"

export interface ShardOptions<E, R> extends RenderOptions<E, R> {
  /** Pixels of one pack in bytes, 128 MiB by default; at least one image is in each. */
  readonly shardBytes?: number
}

/** The plan in parts, in order, each of which makes a pack of at most so many bytes of pixels. */
export const shardPlan = (
  plan: AugmentationPlan,
  side: number,
  shardBytes: number
): ReadonlyArray<AugmentationPlan> => {
  const count = Math.max(1, Math.floor(shardBytes / (plan.views * side * side * 3)))
  return Array.from({ length: Math.ceil(plan.images.length / count) }, (_, shard) => ({
    ...plan,
    images: plan.images.slice(shard * count, (shard + 1) * count)
  }))
}

/**
 * Renders pack after pack and hands each to `keep`, whose results are returned in order. Depends on the plan, the side
 * and `shardBytes` alone. `joinPacks` reads them as one.
 */
export const renderShards = <A, E1, R1, E3, R3, E2 = never, R2 = never>(
  plan: AugmentationPlan,
  readBytes: (digest: string) => Effect.Effect<Uint8Array, E1, R1>,
  options: ShardOptions<E2, R2>,
  keep: (pack: Uint8Array, shard: number) => Effect.Effect<A, E3, R3>,
  onProgress: (progress: RenderProgress) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<ReadonlyArray<A>, E1 | E2 | E3 | UnreadableImage, R1 | R2 | R3> =>
  Effect.gen(function* () {
    const kept: Array<A> = []
    let done = 0
    let cached = 0
    for (const [shard, part] of shardPlan(plan, options.side, options.shardBytes ?? 2 ** 27).entries()) {
      let cachedHere = 0
      const pack = yield* renderAll(part, readBytes, options, (progress) => {
        cachedHere = progress.cached
        return onProgress({ done: done + progress.done, total: plan.images.length, cached: cached + progress.cached })
      })
      done += part.images.length
      cached += cachedHere
      kept.push(yield* keep(pack, shard))
    }
    return kept
  })
