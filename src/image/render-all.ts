/** A plan → the bytes of a pack: every view of every image, several images under way at once, in bounded memory. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { UnreadableImage } from "./error.ts"
import { packHeader } from "./pack.ts"
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
  /** Images under way at once: what bounds the memory. */
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
 * The pack of all views, piece by piece, in the order of the plan's images, whatever order they are finished in. Fails
 * with the first unreadable image, or with what `readBytes` or the cache fail with.
 */
export const renderAll = <E1, R1, E2 = never, R2 = never>(
  plan: Pick<AugmentationPlan, "views" | "digests" | "images">,
  readBytes: (digest: string) => Effect.Effect<Uint8Array, E1, R1>,
  options: RenderOptions<E2, R2>,
  onProgress: (progress: RenderProgress) => Effect.Effect<void> = () => Effect.void
): Stream.Stream<Uint8Array, E1 | E2 | UnreadableImage, R1 | R2> => {
  const { side, concurrency = 4, nameOf = (digest) => digest, renderer = inProcess, cache } = options
  const { views, digests, images } = plan
  const imageLength = views * side * side * 3
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
  const pixels = Stream.fromIterable(images, { chunkSize: 1 }).pipe(
    Stream.mapEffect(make, { concurrency }),
    Stream.tap(() => onProgress({ done: ++done, total: digests.length, cached }))
  )
  return Stream.concat(
    Stream.sync(() => packHeader({ side, views, keys: digests })),
    pixels
  )
}
