/** Small linear filters; the border is mirrored without repeating the edge (reflect101), OpenCV's default. */
import type { Pixels } from "../pixels.ts"
import { borderIndex } from "./border.ts"
import { clampByte } from "./lookup.ts"
import { roundHalfEven } from "./warp-affine.ts"

/** Byte offsets of the sources −radius … length + radius − 1 along one axis. */
const offsets = (length: number, radius: number, step: number): Int32Array =>
  Int32Array.from({ length: length + 2 * radius }, (_, i) => borderIndex(i - radius, length, "reflect101") * step)

/** Correlation with a `size` × `size` kernel (odd `size`, rows first); results rounded and clipped. */
export const convolve = (pixels: Pixels, kernel: ArrayLike<number>, size: number): Pixels => {
  const { width, height, data } = pixels
  const radius = size >> 1
  const columns = offsets(width, radius, 3)
  const rows = offsets(height, radius, width * 3)
  // Motion kernels are lines: most entries are 0.
  const taps = Array.from({ length: size * size }, (_, i) => i).filter((i) => kernel[i] !== 0)
  const weights = Float32Array.from(taps, (i) => kernel[i]!)
  const tapX = Int32Array.from(taps, (i) => i % size)
  const tapY = Int32Array.from(taps, (i) => Math.floor(i / size))
  const out = new Uint8Array(data.length)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      let [r, g, b] = [0, 0, 0]
      for (let tap = 0; tap < weights.length; tap++) {
        const from = rows[y + tapY[tap]!]! + columns[x + tapX[tap]!]!
        const weight = weights[tap]!
        r += weight * data[from]!
        g += weight * data[from + 1]!
        b += weight * data[from + 2]!
      }
      out[to] = clampByte(roundHalfEven(r))
      out[to + 1] = clampByte(roundHalfEven(g))
      out[to + 2] = clampByte(roundHalfEven(b))
    }
  }
  return { width, height, data: out }
}

/** The same one-dimensional kernel (odd length, adding up to 1) along rows, then along columns. */
export const convolveSeparable = (pixels: Pixels, kernel: ArrayLike<number>): Pixels => {
  const { width, height, data } = pixels
  const size = kernel.length
  const radius = size >> 1
  const columns = offsets(width, radius, 3)
  const rows = offsets(height, radius, width * 3)
  const across = new Float32Array(data.length)
  for (let y = 0, to = 0; y < height; y++) {
    const row = y * width * 3
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++, to++) {
        let sum = 0
        for (let tap = 0; tap < size; tap++) sum += kernel[tap]! * data[row + columns[x + tap]! + channel]!
        across[to] = sum
      }
    }
  }
  const out = new Uint8Array(data.length)
  const line = width * 3
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < line; i++) {
      let sum = 0.5
      for (let tap = 0; tap < size; tap++) sum += kernel[tap]! * across[rows[y + tap]! + i]!
      out[y * line + i] = clampByte(sum)
    }
  }
  return { width, height, data: out }
}
