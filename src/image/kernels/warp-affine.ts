/** Affine warps. Positions are in pixels, (0, 0) the centre of the first pixel, as in OpenCV. */
import { type Pixels, type Size, unwritten } from "../pixels.ts"
import { type Border, SUBPIXEL_BITS, sampleRow } from "./sample-bilinear.ts"

/** Maps (x, y) to (a x + b y + c, d x + e y + f). */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export const IDENTITY: Affine = [1, 0, 0, 0, 1, 0]

/** First `inner`, then `outer`. */
export const compose = (outer: Affine, inner: Affine): Affine => {
  const [a, b, c, d, e, f] = outer
  const [p, q, r, s, t, u] = inner
  return [a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f]
}

/** The inverse map; a singular one gives the map to the origin, as OpenCV does. */
export const invert = ([a, b, c, d, e, f]: Affine): Affine => {
  const determinant = a * e - b * d
  const scale = determinant === 0 ? 0 : 1 / determinant
  const [ia, ib, id, ie] = [e * scale, -b * scale, -d * scale, a * scale]
  return [ia, ib, -ia * c - ib * f, id, ie, -id * c - ie * f]
}

/** The fixed-point grid in which OpenCV steps through a row: 1/1024 pixel, brought to 1/32 by rounding. */
const STEP_BITS = 10
const STEP = 1 << STEP_BITS
const HALF = 1 << (STEP_BITS - SUBPIXEL_BITS - 1)

/** The image that `forward` (source → output positions) makes of `source`, `size` large, bilinear. */
export const warpAffine = (source: Pixels, forward: Affine, border: Border, size: Size = source): Pixels => {
  const [a, b, c, d, e, f] = invert(forward)
  const out = unwritten(size.width, size.height)
  const xs = new Int32Array(size.width)
  const ys = new Int32Array(size.width)
  const stepX = new Int32Array(size.width)
  const stepY = new Int32Array(size.width)
  for (let x = 0; x < size.width; x++) {
    stepX[x] = roundHalfEven(a * x * STEP)
    stepY[x] = roundHalfEven(d * x * STEP)
  }
  for (let y = 0; y < size.height; y++) {
    const x0 = roundHalfEven((b * y + c) * STEP) + HALF
    const y0 = roundHalfEven((e * y + f) * STEP) + HALF
    for (let x = 0; x < size.width; x++) {
      xs[x] = (x0 + stepX[x]!) >> (STEP_BITS - SUBPIXEL_BITS)
      ys[x] = (y0 + stepY[x]!) >> (STEP_BITS - SUBPIXEL_BITS)
    }
    sampleRow(source, xs, ys, size.width, border, out.data, y * size.width * 3)
  }
  return out
}

/** Rounds to the nearest integer, halves to even: IEEE's rule, which C's `lrint` and numpy follow. */
export const roundHalfEven = (value: number): number => {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest < 0.5 ? floor : rest > 0.5 || floor % 2 !== 0 ? floor + 1 : floor
}
