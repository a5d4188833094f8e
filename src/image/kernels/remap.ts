/** Warps by a map of source positions, as OpenCV's `remap`, bilinear. */
import { type Pixels, type Size, unwritten } from "../pixels.ts"
import { type Border, SUBPIXEL_BITS, sampleRow } from "./sample-bilinear.ts"
import { roundHalfEven } from "./warp-affine.ts"

const ONE = 1 << SUBPIXEL_BITS

/** A position in pixels as an integer number of 1/32 pixels. */
export const toSubpixels = (position: number): number => roundHalfEven(Math.fround(position) * ONE)

/** Output pixel (x, y) shows the source at `position(x, y)`; `fill` writes one row of positions (1/32 pixel). */
export const remapRows = (
  source: Pixels,
  size: Size,
  border: Border,
  fill: (y: number, xs: Int32Array, ys: Int32Array) => void
): Pixels => {
  const out = unwritten(size.width, size.height)
  const xs = new Int32Array(size.width)
  const ys = new Int32Array(size.width)
  for (let y = 0; y < size.height; y++) {
    fill(y, xs, ys)
    sampleRow(source, xs, ys, size.width, border, out.data, y * size.width * 3)
  }
  return out
}

/** A map that treats columns and rows apart: output (x, y) shows the source at (`columns[x]`, `rows[y]`), in pixels. */
export const remapSeparable = (
  source: Pixels,
  columns: ArrayLike<number>,
  rows: ArrayLike<number>,
  border: Border
): Pixels => {
  const fixed = Int32Array.from(columns, toSubpixels)
  return remapRows(source, { width: columns.length, height: rows.length }, border, (y, xs, ys) => {
    xs.set(fixed)
    ys.fill(toSubpixels(rows[y]!))
  })
}
