/**
 * From bytes to the views of an image. Every image, photograph or synthetic, takes one path: decoded once and brought to
 * `side` pixels on its shorter side, aspect kept (the canvas); transformed there; its longer side then reduced to `side`.
 * So interpolation, noise and blur act at one resolution on all images, and leave no trace of where an image came from.
 */
import * as Effect from "effect/Effect"
import { decode, type ReadOptions } from "./decode.ts"
import type { UnreadableImage } from "./error.ts"
import { resize } from "./kernels/resize.ts"
import { discard, type Pixels, type Size, sizeWithShorterSide } from "./pixels.ts"
import { applySampled, type Sampled } from "./transforms/families.ts"

/** The transforms of one view, in order. */
export type View = ReadonlyArray<{ readonly sampled: Sampled }>

/** The size at which an image is transformed. */
export const canvasSize = (stored: Size, side: number): Size => sizeWithShorterSide(stored, side)

/** The image at canvas size. */
export const decodeCanvas = (
  bytes: Uint8Array,
  side: number,
  options: ReadOptions
): Effect.Effect<Pixels, UnreadableImage> => decode(bytes, { ...options, shorterSide: side })

/** An image of any size to the canvas, by our own filter: for pixels that do not come out of a file. */
export const toCanvas = (image: Pixels, side: number): Pixels => {
  const { width, height } = canvasSize(image, side)
  return resize(image, width, height)
}

/** One view at `side` × `side`. Arrays on the way are given back; `image` itself is left alone. */
const renderPixels = (image: Pixels, view: View, side: number): Pixels => {
  const step = (current: Pixels, next: Pixels): Pixels => {
    if (next.data !== current.data && current.data !== image.data) discard(current)
    return next
  }
  let current = toCanvas(image, side)
  for (const { sampled } of view) current = step(current, applySampled(current, sampled))
  return step(current, resize(current, side, side))
}

/** One view, `side` × `side` × 3. `image` should be at canvas size; any other is brought to it first. */
export const render = (image: Pixels, view: View, side: number): Uint8Array => renderPixels(image, view, side).data

/** No transform: evaluation rows, through the same canvas. */
export const resizeOnly = (image: Pixels, side: number): Uint8Array => render(image, [], side)

/** All views of one file, decoded once: `views.length` × `side` × `side` × 3 values. */
export const renderViews = (
  bytes: Uint8Array,
  views: ReadonlyArray<View>,
  side: number,
  options: ReadOptions
): Effect.Effect<Uint8Array, UnreadableImage> =>
  Effect.map(decodeCanvas(bytes, side, options), (canvas) => {
    const out = new Uint8Array(views.length * side * side * 3)
    for (const [index, view] of views.entries()) {
      const rendered = renderPixels(canvas, view, side)
      out.set(rendered.data, index * side * side * 3)
      if (rendered.data !== canvas.data) discard(rendered)
    }
    return out
  })
