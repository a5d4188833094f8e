/** Gaussian blur of an image, and Gaussian smoothing of a field of floats. */
import type { Pixels } from "../pixels.ts"
import { borderIndex } from "./border.ts"
import { convolveSeparable } from "./convolve.ts"

/** OpenCV's kernels for small sizes where no deviation is given. */
const FIXED: Record<number, ReadonlyArray<number>> = {
  1: [1],
  3: [0.25, 0.5, 0.25],
  5: [0.0625, 0.25, 0.375, 0.25, 0.0625],
  7: [0.03125, 0.109375, 0.21875, 0.28125, 0.21875, 0.109375, 0.03125]
}

/** `size` (odd) samples of a Gaussian, adding up to 1. `sigma` 0 stands for 0.3 ((size − 1) / 2 − 1) + 0.8 pixels. */
export const gaussianKernel = (size: number, sigma: number): ReadonlyArray<number> => {
  const fixed = sigma <= 0 ? FIXED[size] : undefined
  if (fixed !== undefined) return fixed
  const deviation = sigma > 0 ? sigma : 0.3 * ((size - 1) / 2 - 1) + 0.8
  const values = Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * deviation ** 2)))
  const sum = values.reduce((total, value) => total + value, 0)
  return values.map((value) => value / sum)
}

export const gaussianBlur = (pixels: Pixels, size: number, sigma: number): Pixels =>
  convolveSeparable(pixels, gaussianKernel(size, sigma))

/** Smooths `field` (height × width) in place, cut at 4 sigma, edges mirrored with the edge repeated (scipy's default). */
export const smoothField = (field: Float32Array, width: number, height: number, sigma: number): void => {
  const radius = Math.max(1, Math.round(4 * sigma))
  const kernel = Float32Array.from(gaussianKernel(2 * radius + 1, sigma))
  smoothAxis(field, kernel, height, width, width, 1)
  smoothAxis(field, kernel, width, height, 1, width)
}

const smoothAxis = (
  field: Float32Array,
  kernel: Float32Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number
): void => {
  const radius = kernel.length >> 1
  const line = new Float32Array(length + 2 * radius)
  const sources = Int32Array.from(line, (_, i) => borderIndex(i - radius, length, "reflect"))
  for (let index = 0; index < lines; index++) {
    const start = index * lineStep
    for (let i = 0; i < line.length; i++) line[i] = field[start + sources[i]! * step]!
    for (let i = 0; i < length; i++) {
      let sum = 0
      for (let tap = 0; tap < kernel.length; tap++) sum += kernel[tap]! * line[i + tap]!
      field[start + i * step] = sum
    }
  }
}
