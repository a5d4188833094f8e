/** The eight symmetries of a rectangle, exact: no pixel is interpolated. */
import { type Pixels, unwritten } from "../pixels.ts"

/** Builds an image by reading output pixel (x, y) at source pixel `start + x · stepX + y · stepY`. */
const gather = (
  { data }: Pixels,
  width: number,
  height: number,
  start: number,
  stepX: number,
  stepY: number
): Pixels => {
  const out = unwritten(width, height)
  const target = out.data
  let to = 0
  for (let y = 0; y < height; y++) {
    let from = (start + y * stepY) * 3
    for (let x = 0; x < width; x++) {
      target[to] = data[from]!
      target[to + 1] = data[from + 1]!
      target[to + 2] = data[from + 2]!
      to += 3
      from += stepX * 3
    }
  }
  return out
}

/** Mirrors left and right. */
export const flipHorizontal = (pixels: Pixels): Pixels =>
  gather(pixels, pixels.width, pixels.height, pixels.width - 1, -1, pixels.width)

/** Mirrors top and bottom: rows are copied whole. */
export const flipVertical = ({ width, height, data }: Pixels): Pixels => {
  const out = unwritten(width, height)
  const row = width * 3
  for (let y = 0; y < height; y++) out.data.set(data.subarray(y * row, (y + 1) * row), (height - 1 - y) * row)
  return out
}

/** Swaps rows and columns: height × width. */
export const transpose = (pixels: Pixels): Pixels => gather(pixels, pixels.height, pixels.width, 0, pixels.width, 1)

/** `quarters` quarter turns counter-clockwise (numpy's `rot90`). */
export const rotate90 = (pixels: Pixels, quarters: number): Pixels => {
  const { width, height } = pixels
  switch (((quarters % 4) + 4) % 4) {
    case 1:
      return gather(pixels, height, width, width - 1, width, -1)
    case 2:
      return gather(pixels, width, height, width * height - 1, -1, -width)
    case 3:
      return gather(pixels, height, width, (height - 1) * width, -width, 1)
    default:
      return pixels
  }
}
