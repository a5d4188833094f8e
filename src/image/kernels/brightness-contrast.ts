/** Brightness and contrast: v → α v + β · 255, or + β · mean, clipped and truncated to 8 bits, in 32-bit floats. */
import type { Pixels } from "../pixels.ts"
import { clampByte, lookUp } from "./lookup.ts"

export interface BrightnessContrast {
  readonly alpha: number
  readonly beta: number
  /** β is a part of 255; otherwise of the mean over all values of the image. */
  readonly brightnessByMax: boolean
}

const mean = (values: Uint8Array): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

export const brightnessContrast = (pixels: Pixels, { alpha, beta, brightnessByMax }: BrightnessContrast): Pixels => {
  const offset = Math.fround(beta === 0 ? 0 : beta * (brightnessByMax ? 255 : mean(pixels.data)))
  const factor = Math.fround(alpha)
  const table = new Uint8Array(256)
  for (let value = 0; value < 256; value++) {
    table[value] = clampByte(Math.fround(Math.fround(value * factor) + offset))
  }
  return lookUp(pixels, table)
}
