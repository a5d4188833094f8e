/** Barrel and pincushion distortion: Brown's radial model with k₁ = k₂ = k, the width and height as focal lengths. */
import type { Pixels } from "../pixels.ts"
import { remapRows, toSubpixels } from "./remap.ts"
import type { Border } from "./sample-bilinear.ts"

export interface OpticalDistortion {
  readonly k: number
  /** The optical centre's distance from the image's, in pixels. */
  readonly dx: number
  readonly dy: number
}

/**
 * The undistorted image is centred on the pixel grid, (width − 1) / 2, the lens on (width / 2 + dx): OpenCV's
 * `initUndistortRectifyMap` without a new camera matrix, which albumentations calls. So k = 0 shifts by half a pixel.
 */
export const opticalDistortion = (pixels: Pixels, sampled: OpticalDistortion, border: Border): Pixels => {
  const { width, height } = pixels
  const cx = width / 2 + sampled.dx
  const cy = height / 2 + sampled.dy
  return remapRows(pixels, pixels, border, (row, xs, ys) => {
    const y = (row - (height - 1) / 2) / height
    for (let column = 0; column < width; column++) {
      const x = (column - (width - 1) / 2) / width
      const r2 = x * x + y * y
      const radial = 1 + sampled.k * r2 * (1 + r2)
      xs[column] = toSubpixels(width * x * radial + cx)
      ys[column] = toSubpixels(height * y * radial + cy)
    }
  })
}
