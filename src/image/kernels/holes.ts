/** Rectangles filled with one value: the mask of Cutout and CoarseDropout. */
import { type Pixels, unwritten } from "../pixels.ts"

/** x1, y1, x2, y2 in pixels; x2 and y2 are outside. */
export type Hole = readonly [x1: number, y1: number, x2: number, y2: number]

export const fillHoles = (
  { width, height, data }: Pixels,
  holes: ReadonlyArray<Hole>,
  fill: readonly [number, number, number]
): Pixels => {
  const image = unwritten(width, height)
  const out = image.data
  out.set(data)
  for (const [x1, y1, x2, y2] of holes) {
    for (let y = Math.max(0, y1); y < Math.min(height, y2); y++) {
      for (let x = Math.max(0, x1); x < Math.min(width, x2); x++) {
        const at = (y * width + x) * 3
        out[at] = fill[0]
        out[at + 1] = fill[1]
        out[at + 2] = fill[2]
      }
    }
  }
  return image
}
