/**
 * Elastic deformation: P. Simard et al., "Best practices for convolutional neural networks applied to visual document
 * analysis" (2003); albumentations' form, an affine map of three points first.
 */
import type { Generator } from "../../random/generator.ts"
import { type Pixels, shorterSide } from "../pixels.ts"
import { smoothField } from "./gaussian.ts"
import { remapRows, toSubpixels } from "./remap.ts"
import type { Border } from "./sample-bilinear.ts"
import { type Affine, warpAffine } from "./warp-affine.ts"

type Point = readonly [x: number, y: number]
type Triple = readonly [Point, Point, Point]

/** The affine map that takes three points to three others. */
export const affineFromPoints = (from: Triple, to: Triple): Affine => {
  const [[x0, y0], [x1, y1], [x2, y2]] = from
  const determinant = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
  const row = (v0: number, v1: number, v2: number): [number, number, number] => {
    const a = ((v1 - v0) * (y2 - y0) - (v2 - v0) * (y1 - y0)) / determinant
    const b = ((x1 - x0) * (v2 - v0) - (x2 - x0) * (v1 - v0)) / determinant
    return [a, b, v0 - a * x0 - b * y0]
  }
  return [...row(to[0][0], to[1][0], to[2][0]), ...row(to[0][1], to[1][1], to[2][1])]
}

export interface ElasticDeformation {
  /** Displacements (x, y) of three corners of the central square, in pixels. */
  readonly corners: Triple
  /** Standard deviation of the displacement field, and the deviation of the Gaussian that smooths it: pixels. */
  readonly displacement: number
  readonly sigma: number
}

/** A field of independent draws from U(−1, 1), smoothed, brought to the given standard deviation. */
const displacementField = (noise: Generator, { width, height }: Pixels, deviation: number, sigma: number) => {
  const field = Float32Array.from({ length: width * height }, () => noise.uniform(-1, 1))
  smoothField(field, width, height, sigma)
  // The deviation of U(−1, 1) after a two-dimensional Gaussian filter: (1 / √3) / (2 √π σ).
  const factor = deviation * Math.sqrt(3) * 2 * Math.sqrt(Math.PI) * sigma
  for (let i = 0; i < field.length; i++) field[i]! *= factor
  return field
}

export const elasticTransform = (
  pixels: Pixels,
  { corners, displacement, sigma }: ElasticDeformation,
  noise: Generator,
  border: Border
): Pixels => {
  const { width, height } = pixels
  const arm = shorterSide(pixels) / 3
  const [cx, cy] = [width / 2, height / 2]
  const square: Triple = [
    [cx + arm, cy + arm],
    [cx + arm, cy - arm],
    [cx - arm, cy - arm]
  ]
  const moved = square.map(([x, y], i) => [x + corners[i]![0], y + corners[i]![1]] as const)
  const bent = warpAffine(pixels, affineFromPoints(square, moved as unknown as Triple), border)
  // Below a quarter of the sampling grid's step nothing would move.
  if (displacement < 1 / 128 || sigma <= 0) return bent
  const dx = displacementField(noise, pixels, displacement, sigma)
  const dy = displacementField(noise, pixels, displacement, sigma)
  return remapRows(bent, { width, height }, border, (y, xs, ys) => {
    for (let x = 0; x < width; x++) {
      xs[x] = toSubpixels(x + dx[y * width + x]!)
      ys[x] = toSubpixels(y + dy[y * width + x]!)
    }
  })
}
