/**
 * A perceptual hash: images that look alike have vectors of high cosine, also after re-encoding, small crops and, by
 * comparing in the eight orientations at once, flips and quarter turns.
 *
 * The image is reduced to 32 × 32; the low discrete cosine coefficients of luma and two colour differences (u + v < 12,
 * without the mean) are weighted by the root of their frequency - photographs have most energy in the lowest - scaled
 * to unit length and stored in 8 bits. Idea: C. Zauner, "Implementation and benchmarking of perceptual image hash
 * functions" (2010), there with one bit a coefficient.
 */
import { resize } from "./kernels/resize.ts"
import type { Pixels } from "./pixels.ts"

const SIDE = 32
const FREQUENCIES = 12

/** The (u, v) of the vector, in four runs by parity: a flip changes the sign of whole runs. */
const parityRun = (oddU: number, oddV: number): ReadonlyArray<readonly [number, number]> => {
  const run: Array<readonly [number, number]> = []
  for (let v = oddV; v < FREQUENCIES; v += 2) {
    for (let u = oddU; u + v < FREQUENCIES; u += 2) if (u + v > 0) run.push([u, v])
  }
  return run
}
const runs = [parityRun(0, 0), parityRun(1, 0), parityRun(0, 1), parityRun(1, 1)]
const frequencies = runs.flatMap((run) => run.flatMap((at) => [0, 1, 2].map((plane) => [plane, ...at] as const)))
/** Where each run ends in the vector. */
const ends = runs.map((_, index) => 3 * runs.slice(0, index + 1).reduce((sum, run) => sum + run.length, 0))
/** The position of (plane, v, u) for each (plane, u, v): what a transposition does. */
const places = new Map(frequencies.map((at, index) => [at.join(), index]))
const transposed = Int32Array.from(frequencies, ([plane, u, v]) => places.get([plane, v, u].join())!)

const LENGTH = frequencies.length
/** Bytes of a hash: three of mean colour, then the vector. */
export const HASH_BYTES = 3 + LENGTH

const cosines = Float64Array.from({ length: FREQUENCIES * SIDE }, (_, i) =>
  Math.cos(((2 * (i % SIDE) + 1) * Math.floor(i / SIDE) * Math.PI) / (2 * SIDE))
)

/** Coefficients (v, u) below `FREQUENCIES` of a SIDE × SIDE plane. */
const transform = (plane: Float64Array): Float64Array => {
  const rows = new Float64Array(SIDE * FREQUENCIES)
  for (let y = 0; y < SIDE; y++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0
      for (let x = 0; x < SIDE; x++) sum += plane[y * SIDE + x]! * cosines[u * SIDE + x]!
      rows[y * FREQUENCIES + u] = sum
    }
  }
  const out = new Float64Array(FREQUENCIES * FREQUENCIES)
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0
      for (let y = 0; y < SIDE; y++) sum += rows[y * FREQUENCIES + u]! * cosines[v * SIDE + y]!
      out[v * FREQUENCIES + u] = sum
    }
  }
  return out
}

/** The hash of an image of any size. */
export const perceptualHash = (image: Pixels): Uint8Array => {
  const { data } = resize(image, SIDE, SIDE)
  const count = SIDE * SIDE
  const planes = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!]
    planes[0][i] = 0.299 * r + 0.587 * g + 0.114 * b
    planes[1][i] = b - g
    planes[2][i] = r - g
  }
  const coefficients = planes.map(transform)
  const vector = frequencies.map(
    ([plane, u, v]) => coefficients[plane]![v * FREQUENCIES + u]! * Math.sqrt(Math.hypot(u, v))
  )
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const hash = new Uint8Array(HASH_BYTES)
  for (const [plane, values] of planes.entries()) {
    const mean = values.reduce((sum, value) => sum + value, 0) / count
    hash[plane] = Math.round(plane === 0 ? mean : 127.5 + mean / 2)
  }
  // An image of one colour has no structure: its vector stays 0 and is like no other.
  const scale = largest < 1 ? 0 : 127 / largest
  new Int8Array(hash.buffer, 3).set(vector.map((value) => Math.round(value * scale)))
  return hash
}

/** A hash unfolded for comparing: unit vectors of the image and of its transpose. */
export interface Unfolded {
  /** Mean luma, b − g and r − g, the differences halved: grey levels. */
  readonly colour: Uint8Array
  readonly vector: Float32Array
  readonly transposed: Float32Array
}

export const unfold = (hash: Uint8Array): Unfolded => {
  const levels = new Int8Array(hash.buffer, hash.byteOffset + 3, LENGTH)
  const norm = Math.sqrt(levels.reduce((sum, value) => sum + value * value, 0)) || 1
  const vector = Float32Array.from(levels, (value) => value / norm)
  return { colour: hash.subarray(0, 3), vector, transposed: Float32Array.from(transposed, (from) => vector[from]!) }
}

/** The symmetries: what is done to the second image to see the first: transposed or not, then flipped. */
export interface Orientation {
  readonly transpose: boolean
  readonly flipHorizontal: boolean
  readonly flipVertical: boolean
}

export interface Likeness {
  /** Cosine of the vectors in the best of the eight orientations, −1…1. */
  readonly similarity: number
  readonly orientation: Orientation
}

const sums = new Float64Array(4)

/** Products of the four parity runs: every flip's cosine is a sum of them with signs. */
const runProducts = (a: Float32Array, b: Float32Array): void => {
  let at = 0
  for (let run = 0; run < 4; run++) {
    let sum = 0
    for (const end = ends[run]!; at < end; at++) sum += a[at]! * b[at]!
    sums[run] = sum
  }
}

export const compareHashes = (a: Unfolded, b: Unfolded): Likeness => {
  let best: Likeness = {
    similarity: -2,
    orientation: { transpose: false, flipHorizontal: false, flipVertical: false }
  }
  for (const transpose of [false, true]) {
    runProducts(a.vector, transpose ? b.transposed : b.vector)
    for (const flipHorizontal of [false, true]) {
      for (const flipVertical of [false, true]) {
        const h = flipHorizontal ? -1 : 1
        const v = flipVertical ? -1 : 1
        const similarity = sums[0]! + h * sums[1]! + v * sums[2]! + h * v * sums[3]!
        if (similarity > best.similarity)
          best = { similarity, orientation: { transpose, flipHorizontal, flipVertical } }
      }
    }
  }
  return best
}
