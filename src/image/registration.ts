/**
 * Whether two images show the same fine structure once small crops are undone. Two photographs of the same kind agree in
 * their coarse structure (a dark lesion in the middle of pale skin); hairs, globules and grain agree only in copies.
 *
 * Registration by least squares over a scale and a shift for each axis, coarse to fine: B. D. Lucas, T. Kanade, "An
 * iterative image registration technique" (1981).
 */

import { smoothField } from "./kernels/gaussian.ts"
import { resize } from "./kernels/resize.ts"
import type { Pixels } from "./pixels.ts"

/** Side of the square on which detail is compared, pixels. */
export const DETAIL_SIDE = 64
const LEVELS = [16, 32, 64] as const
const ITERATIONS = [6, 5, 4] as const
/** The part of the half side that is compared: crops leave the rim without counterpart. */
const INTERIOR = 0.86

/** Position in the second image, from −1…1 in the first: (scaleX · x + shiftX, scaleY · y + shiftY). */
interface Placement {
  readonly scaleX: number
  readonly shiftX: number
  readonly scaleY: number
  readonly shiftY: number
}

/** Luma of the image on a square, mean 0 and deviation 1. */
const luma = (image: Pixels, side: number): Float32Array => {
  const { data } = resize(image, side, side)
  const plane = Float32Array.from(
    { length: side * side },
    (_, i) => 0.299 * data[3 * i]! + 0.587 * data[3 * i + 1]! + 0.114 * data[3 * i + 2]!
  )
  return standardised(plane)
}

const standardised = (plane: Float32Array): Float32Array => {
  const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length
  const deviation = Math.sqrt(plane.reduce((sum, value) => sum + (value - mean) ** 2, 0) / plane.length) || 1
  return plane.map((value) => (value - mean) / deviation)
}

/** Value at a position in pixels, bilinear, edges repeated. */
const valueAt = (plane: Float32Array, side: number, x: number, y: number): number => {
  const cx = Math.min(side - 1.001, Math.max(0, x))
  const cy = Math.min(side - 1.001, Math.max(0, y))
  const left = Math.floor(cx)
  const top = Math.floor(cy)
  const at = top * side + left
  const fx = cx - left
  const fy = cy - top
  const upper = plane[at]! + fx * (plane[at + 1]! - plane[at]!)
  const lower = plane[at + side]! + fx * (plane[at + side + 1]! - plane[at + side]!)
  return upper + fy * (lower - upper)
}

/** Solves the symmetric 4 × 4 system in place by elimination; undefined where it is singular (a flat image). */
const solve = (matrix: Float64Array, right: Float64Array): Float64Array | undefined => {
  for (let pivot = 0; pivot < 4; pivot++) {
    const value = matrix[pivot * 5]!
    if (Math.abs(value) < 1e-9) return undefined
    for (let row = pivot + 1; row < 4; row++) {
      const factor = matrix[row * 4 + pivot]! / value
      for (let column = pivot; column < 4; column++) matrix[row * 4 + column]! -= factor * matrix[pivot * 4 + column]!
      right[row]! -= factor * right[pivot]!
    }
  }
  for (let row = 3; row >= 0; row--) {
    for (let column = row + 1; column < 4; column++) right[row]! -= matrix[row * 4 + column]! * right[column]!
    right[row]! /= matrix[row * 5]!
  }
  return right
}

/** A plane with its derivatives along x and y, a value a pixel. */
interface Sloped {
  readonly plane: Float32Array
  readonly alongX: Float32Array
  readonly alongY: Float32Array
}

const sloped = (plane: Float32Array, side: number): Sloped => {
  const alongX = new Float32Array(plane.length)
  const alongY = new Float32Array(plane.length)
  for (let y = 0; y < side; y++) {
    const above = Math.max(0, y - 1)
    const below = Math.min(side - 1, y + 1)
    for (let x = 0; x < side; x++) {
      const left = Math.max(0, x - 1)
      const right = Math.min(side - 1, x + 1)
      alongX[y * side + x] = (plane[y * side + right]! - plane[y * side + left]!) / (right - left)
      alongY[y * side + x] = (plane[below * side + x]! - plane[above * side + x]!) / (below - above)
    }
  }
  return { plane, alongX, alongY }
}

/** One step of least squares from a placement. */
const improve = (a: Float32Array, b: Sloped, side: number, at: Placement): Placement => {
  const half = side / 2
  const margin = Math.ceil(half * (1 - INTERIOR))
  const matrix = new Float64Array(16)
  const right = new Float64Array(4)
  const row = new Float64Array(4)
  for (let j = margin; j < side - margin; j++) {
    const y = (j + 0.5 - half) / half
    const py = (at.scaleY * y + at.shiftY) * half + half - 0.5
    for (let i = margin; i < side - margin; i++) {
      const x = (i + 0.5 - half) / half
      const px = (at.scaleX * x + at.shiftX) * half + half - 0.5
      // The slope may be taken at the nearest pixel: it only steers the step.
      const near =
        Math.min(side - 1, Math.max(0, Math.round(py))) * side + Math.min(side - 1, Math.max(0, Math.round(px)))
      const gx = b.alongX[near]! * half
      const gy = b.alongY[near]! * half
      const error = a[j * side + i]! - valueAt(b.plane, side, px, py)
      row[0] = gx * x
      row[1] = gx
      row[2] = gy * y
      row[3] = gy
      for (let p = 0; p < 4; p++) {
        right[p]! += row[p]! * error
        for (let q = p; q < 4; q++) matrix[p * 4 + q]! += row[p]! * row[q]!
      }
    }
  }
  for (let p = 0; p < 4; p++) for (let q = 0; q < p; q++) matrix[p * 4 + q] = matrix[q * 4 + p]!
  const step = solve(matrix, right)
  if (step === undefined) return at
  const bounded = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
  return {
    scaleX: bounded(at.scaleX + step[0]!, 0.8, 1.25),
    shiftX: bounded(at.shiftX + step[1]!, -0.2, 0.2),
    scaleY: bounded(at.scaleY + step[2]!, 0.8, 1.25),
    shiftY: bounded(at.shiftY + step[3]!, -0.2, 0.2)
  }
}

/** What a Gaussian of 2 pixels takes away. */
const detail = (plane: Float32Array, side: number): Float32Array => {
  const smooth = plane.slice()
  smoothField(smooth, side, side, 2)
  return plane.map((value, i) => value - smooth[i]!)
}

/** The interior is compared in CELLS × CELLS parts. */
const CELLS = 3
/** Less variance than this (of 1 before the detail was taken) is a part without detail: black corners, plain colour. */
const FLAT = 1e-6

/** Correlation within one part of the interior; undefined where neither image has detail. */
const cellCorrelation = (
  a: Float32Array,
  b: Float32Array,
  at: Placement,
  [left, top, right, bottom]: readonly [number, number, number, number]
): number | undefined => {
  const half = DETAIL_SIDE / 2
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0]
  for (let j = top; j < bottom; j++) {
    const py = at.scaleY * (j + 0.5 - half) + at.shiftY * half + half - 0.5
    for (let i = left; i < right; i++) {
      const px = at.scaleX * (i + 0.5 - half) + at.shiftX * half + half - 0.5
      const va = a[j * DETAIL_SIDE + i]!
      const vb = valueAt(b, DETAIL_SIDE, px, py)
      n++
      sa += va
      sb += vb
      saa += va * va
      sbb += vb * vb
      sab += va * vb
    }
  }
  const varianceA = (saa - (sa * sa) / n) / n
  const varianceB = (sbb - (sb * sb) / n) / n
  if (varianceA < FLAT && varianceB < FLAT) return undefined
  if (varianceA < FLAT || varianceB < FLAT) return 0
  return (sab - (sa * sb) / n) / n / Math.sqrt(varianceA * varianceB)
}

/**
 * The mean over the parts, so that one strong edge that both images have by their kind - the dark rim of the field - does
 * not stand for all. 0 where there is no detail at all.
 */
const correlation = (a: Float32Array, b: Float32Array, at: Placement): number => {
  const margin = Math.ceil((DETAIL_SIDE / 2) * (1 - INTERIOR))
  const edge = (cell: number): number => margin + Math.round((cell * (DETAIL_SIDE - 2 * margin)) / CELLS)
  const found: Array<number> = []
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const value = cellCorrelation(a, b, at, [edge(column), edge(row), edge(column + 1), edge(row + 1)])
      if (value !== undefined) found.push(value)
    }
  }
  return found.length === 0 ? 0 : found.reduce((sum, value) => sum + value, 0) / found.length
}

/** An image prepared for comparison: luma at each level, and its detail at the finest. */
export interface Prepared {
  readonly levels: ReadonlyArray<Float32Array>
  readonly detail: Float32Array
}

export const prepare = (image: Pixels): Prepared => {
  const levels = LEVELS.map((side) => luma(image, side))
  return { levels, detail: detail(levels[2]!, DETAIL_SIDE) }
}

/** Correlation of the fine structure of two images after registration, −1…1. Near 0 for unrelated photographs. */
export const detailCorrelation = (a: Prepared, b: Prepared): number => {
  let placement: Placement = { scaleX: 1, shiftX: 0, scaleY: 1, shiftY: 0 }
  for (const [level, side] of LEVELS.entries()) {
    const target = sloped(b.levels[level]!, side)
    for (let i = 0; i < ITERATIONS[level]!; i++) {
      placement = improve(a.levels[level]!, target, side, placement)
    }
  }
  return correlation(a.detail, b.detail, placement)
}
