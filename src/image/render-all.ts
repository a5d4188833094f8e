/** A plan → a pack: every view of every image, several images under way at once, in bounded memory. */
import * as Effect from "effect/Effect"
import type { UnreadableImage } from "./error.ts"
import { blankPack } from "./pack.ts"
import type { AugmentationPlan, PlannedImage } from "./plan.ts"
import { renderViews, type View } from "./render.ts"

/** Makes the pixels of one image: `views.length` × `side` × `side` × 3 values. */
export type Renderer = (
  bytes: Uint8Array,
  views: ReadonlyArray<View>,
  side: number,
  name: string
) => Effect.Effect<Uint8Array, UnreadableImage>

/** In this thread (decoding happens in libuv's). */
export const inProcess: Renderer = (bytes, views, side, name) => renderViews(bytes, views, side, { name })

/** Pixels that were made before, kept by image and recipe (views, side and code): the caller's store. */
export interface ImageCache<E, R> {
  readonly get: (image: PlannedImage, side: number) => Effect.Effect<Uint8Array | undefined, E, R>
  readonly put: (image: PlannedImage, side: number, pixels: Uint8Array) => Effect.Effect<void, E, R>
}

export interface RenderOptions<E, R> {
  /** Side of the rendered images, pixels. */
  readonly side: number
  /** Images under way at once: what bounds the memory beside the pack itself. */
  readonly concurrency?: number
  /** What errors call an image: its path, given its digest. */
  readonly nameOf?: (digest: string) => string
  readonly renderer?: Renderer
  readonly cache?: ImageCache<E, R>
}

export interface RenderProgress {
  readonly done: number
  readonly total: number
  /** Of `done`, those found in the cache. */
  readonly cached: number
}

/**
 * The pack of all views, in the order of the plan's images, whatever order they were finished in. Fails with the first
 * unreadable image, or with what `readBytes` or the cache fail with.
 */
export const renderAll = <E1, R1, E2 = never, R2 = never>(
  plan: AugmentationPlan,
  readBytes: (digest: string) => Effect.Effect<Uint8Array, E1, R1>,
  options: RenderOptions<E2, R2>,
  onProgress: (progress: RenderProgress) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<Uint8Array, E1 | E2 | UnreadableImage, R1 | R2> =>
  Effect.gen(function* () {
    const { side, concurrency = 4, nameOf = (digest) => digest, renderer = inProcess, cache } = options
    const imageLength = plan.views * side * side * 3
    const keys = plan.images.map(({ digest }) => digest)
    // Results go to their place in the pack at once and are not kept beside it.
    const { bytes: pack, pixels } = blankPack({ side, views: plan.views, keys })
    let done = 0
    let cached = 0
    const make = Effect.fnUntraced(function* (image: PlannedImage) {
      const known = cache === undefined ? undefined : yield* cache.get(image, side)
      if (known?.length === imageLength) {
        cached++
        return known
      }
      const bytes = yield* readBytes(image.digest)
      const made = yield* renderer(bytes, image.views, side, nameOf(image.digest))
      if (cache !== undefined) yield* cache.put(image, side, made)
      return made
    })
    yield* Effect.forEach(
      plan.images,
      (image, index) =>
        Effect.gen(function* () {
          pixels.set(yield* make(image), index * imageLength)
          done++
          yield* onProgress({ done, total: plan.images.length, cached })
        }),
      { concurrency, discard: true }
    )
    return pack
  })
