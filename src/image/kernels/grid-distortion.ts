/** Grid distortion: columns and rows of a grid are stretched by factors, positions between them linear. */
import type { Pixels } from "../pixels.ts"
import { remapSeparable } from "./remap.ts"
import type { Border } from "./sample-bilinear.ts"

/**
 * Source positions along one axis. Cells are ⌊length / steps⌋ wide; the last one, where it would leave the image, ends
 * at `length` whatever its factor (albumentations' rule).
 */
export const gridPositions = (length: number, steps: number, factors: ReadonlyArray<number>): Float32Array => {
  const positions = new Float32Array(length)
  const cell = Math.max(1, Math.floor(length / steps))
  let previous = 0
  for (let start = 0, index = 0; start < length; start += cell, index++) {
    const inside = start + cell <= length
    const end = inside ? start + cell : length
    const reached = inside ? previous + cell * (factors[index] ?? 1) : length
    // Both ends are hit: n values from `previous` to `reached`, as numpy's linspace.
    const count = end - start
    for (let i = 0; i < count; i++) {
      positions[start + i] = count === 1 ? previous : previous + ((reached - previous) * i) / (count - 1)
    }
    previous = reached
  }
  return positions
}

export const gridDistortion = (
  pixels: Pixels,
  steps: number,
  xFactors: ReadonlyArray<number>,
  yFactors: ReadonlyArray<number>,
  border: Border
): Pixels =>
  remapSeparable(
    pixels,
    gridPositions(pixels.width, steps, xFactors),
    gridPositions(pixels.height, steps, yFactors),
    border
  )
