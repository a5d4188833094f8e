/**
 * Bilinear sampling at positions in 1/32 pixel, weights that add up to 1024, rounded: the fixed-point arithmetic of
 * OpenCV's `remap` and `warpAffine` for 8-bit images, so that results agree to the grey level.
 */
import type { Pixels } from "../pixels.ts"
import { type BorderMode, borderIndex } from "./border.ts"

export const SUBPIXEL_BITS = 5
const ONE = 1 << SUBPIXEL_BITS

export interface Border {
  readonly mode: BorderMode
  /** The colour of a constant border, 0…255. */
  readonly value?: readonly [number, number, number]
}

const BLACK = [0, 0, 0] as const
const { imul } = Math

/**
 * Fills `count` pixels of `target` (from value index `to`) with `source` at (`xs[i]` / 32, `ys[i]` / 32), where (0, 0)
 * is the centre of the first pixel.
 */
export const sampleRow = (
  source: Pixels,
  xs: Int32Array,
  ys: Int32Array,
  count: number,
  border: Border,
  target: Uint8Array,
  to: number
): void => {
  const { data, width, height } = source
  const row = width * 3
  const lastX = width - 1
  const lastY = height - 1
  const { mode, value: outside = BLACK } = border
  for (let i = 0; i < count; i++) {
    const x = xs[i]!
    const y = ys[i]!
    const left = x >> SUBPIXEL_BITS
    const top = y >> SUBPIXEL_BITS
    const fx = x & (ONE - 1)
    const fy = y & (ONE - 1)
    const w11 = fx * fy
    const w10 = (fy << SUBPIXEL_BITS) - w11
    const w01 = (fx << SUBPIXEL_BITS) - w11
    const w00 = ONE * ONE - w01 - w10 - w11
    if (left >= 0 && top >= 0 && left < lastX && top < lastY) {
      const a = top * row + left * 3
      const b = a + row
      // `imul`: whole numbers to the engine too, so that it checks no product for overflow.
      target[to] =
        (imul(data[a]!, w00) + imul(data[a + 3]!, w01) + imul(data[b]!, w10) + imul(data[b + 3]!, w11) + 512) >> 10
      target[to + 1] =
        (imul(data[a + 1]!, w00) + imul(data[a + 4]!, w01) + imul(data[b + 1]!, w10) + imul(data[b + 4]!, w11) + 512) >>
        10
      target[to + 2] =
        (imul(data[a + 2]!, w00) + imul(data[a + 5]!, w01) + imul(data[b + 2]!, w10) + imul(data[b + 5]!, w11) + 512) >>
        10
    } else {
      const x0 = borderIndex(left, width, mode)
      const x1 = borderIndex(left + 1, width, mode)
      const y0 = borderIndex(top, height, mode)
      const y1 = borderIndex(top + 1, height, mode)
      // Only a constant border has places that stand for no pixel.
      const p00 = x0 < 0 || y0 < 0 ? -1 : y0 * row + x0 * 3
      const p01 = x1 < 0 || y0 < 0 ? -1 : y0 * row + x1 * 3
      const p10 = x0 < 0 || y1 < 0 ? -1 : y1 * row + x0 * 3
      const p11 = x1 < 0 || y1 < 0 ? -1 : y1 * row + x1 * 3
      for (let channel = 0; channel < 3; channel++) {
        const blank = outside[channel]!
        const a = p00 < 0 ? blank : data[p00 + channel]!
        const b = p01 < 0 ? blank : data[p01 + channel]!
        const c = p10 < 0 ? blank : data[p10 + channel]!
        const d = p11 < 0 ? blank : data[p11 + channel]!
        target[to + channel] = (a * w00 + b * w01 + c * w10 + d * w11 + 512) >> 10
      }
    }
    to += 3
  }
}
