/** Shift, scale and rotation in one warp, as albumentations' `shift_scale_rotate`. */
import type { Pixels, Size } from "../pixels.ts"
import type { Border } from "./sample-bilinear.ts"
import { type Affine, warpAffine } from "./warp-affine.ts"

export interface ShiftScaleRotation {
  /** Degrees, counter-clockwise. */
  readonly angle: number
  readonly scale: number
  /** Fractions of the width and of the height. */
  readonly dx: number
  readonly dy: number
}

/** Source → output positions: about the point (width / 2, height / 2), then the shift. */
export const shiftScaleRotateMatrix = ({ width, height }: Size, sampled: ShiftScaleRotation): Affine => {
  const radians = (sampled.angle * Math.PI) / 180
  const cosine = sampled.scale * Math.cos(radians)
  const sine = sampled.scale * Math.sin(radians)
  const x = width / 2
  const y = height / 2
  return [
    cosine,
    sine,
    (1 - cosine) * x - sine * y + sampled.dx * width,
    -sine,
    cosine,
    sine * x + (1 - cosine) * y + sampled.dy * height
  ]
}

export const shiftScaleRotate = (pixels: Pixels, sampled: ShiftScaleRotation, border: Border): Pixels =>
  warpAffine(pixels, shiftScaleRotateMatrix(pixels, sampled), border)
