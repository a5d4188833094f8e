/** Resizing by separable weights: one table of (source index, weight) for each output column and row. */
import { type Pixels, unwritten } from "../pixels.ts"

/** For output position i: sources `first[i] … first[i] + count[i] − 1`, weights (adding up to 1) from `offset[i]` on. */
interface Axis {
  readonly first: Int32Array
  readonly count: Int32Array
  readonly offset: Int32Array
  readonly weights: Float32Array
  /** The same with three weights each (0 where there are fewer) and none outside; absent where some have more. */
  readonly three: { readonly first: Int32Array; readonly weights: Float64Array } | undefined
}

/** The unnormalised weight of source pixel [`at`, `at` + 1) for output pixel `index`. */
type Weight = (at: number, index: number, scale: number) => number

const axis = (from: number, to: number, radius: (scale: number) => number, weight: Weight): Axis => {
  const scale = from / to
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const offset = new Int32Array(to)
  const weights: Array<number> = []
  for (let index = 0; index < to; index++) {
    const centre = (index + 0.5) * scale
    let start = Math.max(0, Math.floor(centre - radius(scale)))
    const end = Math.min(from, Math.ceil(centre + radius(scale)))
    const values: Array<number> = []
    for (let at = start; at < end; at++) {
      const value = weight(at, index, scale)
      if (value > 1e-9) values.push(value)
      else if (values.length === 0) start = at + 1
    }
    const sum = values.reduce((total, value) => total + value, 0)
    first[index] = start
    count[index] = values.length
    offset[index] = weights.length
    for (const value of values) weights.push(value / sum)
  }
  const table = { first, count, offset, weights: Float32Array.from(weights) }
  return { ...table, three: threeEach(table, from) }
}

/** Moderate reductions, which `render` ends with, have two or three weights: loops of one length are twice as fast. */
const threeEach = ({ first, count, offset, weights }: Omit<Axis, "three">, from: number): Axis["three"] => {
  if (from < 3 || count.some((taps) => taps > 3)) return undefined
  const starts = first.map((start) => Math.min(start, from - 3))
  const three = new Float64Array(3 * first.length)
  for (let index = 0; index < first.length; index++) {
    const at = 3 * index + first[index]! - starts[index]!
    for (let tap = 0; tap < count[index]!; tap++) three[at + tap] = weights[offset[index]! + tap]!
  }
  return { first: starts, weights: three }
}

/** Tables are made once for each pair of lengths: a run meets few. */
const remembered = (make: (from: number, to: number) => Axis): ((from: number, to: number) => Axis) => {
  const made = new Map<string, Axis>()
  return (from, to) => {
    const key = `${from}:${to}`
    const known = made.get(key) ?? make(from, to)
    if (made.size > 256) made.clear()
    made.set(key, known)
    return known
  }
}

/** A triangle as wide as two output pixels (or two source pixels, when enlarging): antialiased "bilinear". */
const triangle = remembered((from, to) =>
  axis(
    from,
    to,
    (scale) => Math.max(1, scale),
    (at, index, scale) => 1 - Math.abs(at + 0.5 - (index + 0.5) * scale) / Math.max(1, scale)
  )
)

/** The part of each source pixel that the output pixel covers. */
const area = remembered((from, to) =>
  axis(
    from,
    to,
    (scale) => scale / 2,
    (at, index, scale) => Math.min(at + 1, (index + 1) * scale) - Math.max(at, index * scale)
  )
)

/** The two nearest source pixels, whatever the scale: aliases when reducing. */
const linear = remembered((from, to) =>
  axis(
    from,
    to,
    () => 1.5,
    (at, index, scale) => {
      const position = Math.min(from - 1, Math.max(0, (index + 0.5) * scale - 0.5))
      return 1 - Math.abs(at - position)
    }
  )
)

const resampleWith = (source: Pixels, width: number, height: number, make: typeof triangle): Pixels => {
  if (source.width === width && source.height === height) return source
  const columns = make(source.width, width)
  const rows = make(source.height, height)
  if (source.height === height && columns.three !== undefined) return reduceWidth(source, width, columns.three)
  if (source.width === width && rows.three !== undefined) return reduceHeight(source, height, rows.three)
  const row = new Float32Array(source.width * 3)
  const out = unwritten(width, height)
  for (let y = 0; y < height; y++) {
    blendRows(source, rows, y, row)
    for (let x = 0, to = y * width * 3; x < width; x++, to += 3) {
      let r = 0.5
      let g = 0.5
      let b = 0.5
      let at = columns.first[x]! * 3
      const start = columns.offset[x]!
      const end = start + columns.count[x]!
      for (let tap = start; tap < end; tap++, at += 3) {
        const weight = columns.weights[tap]!
        r += weight * row[at]!
        g += weight * row[at + 1]!
        b += weight * row[at + 2]!
      }
      out.data[to] = r
      out.data[to + 1] = g
      out.data[to + 2] = b
    }
  }
  return out
}

/** Only the width changes, as at the end of `render` of a wide image. */
const reduceWidth = (source: Pixels, width: number, { first, weights }: NonNullable<Axis["three"]>): Pixels => {
  const { data, height } = source
  const out = unwritten(width, height)
  const target = out.data
  for (let y = 0, to = 0; y < height; y++) {
    const row = y * source.width
    for (let x = 0, tap = 0; x < width; x++, to += 3, tap += 3) {
      const at = (row + first[x]!) * 3
      const a = weights[tap]!
      const b = weights[tap + 1]!
      const c = weights[tap + 2]!
      target[to] = 0.5 + a * data[at]! + b * data[at + 3]! + c * data[at + 6]!
      target[to + 1] = 0.5 + a * data[at + 1]! + b * data[at + 4]! + c * data[at + 7]!
      target[to + 2] = 0.5 + a * data[at + 2]! + b * data[at + 5]! + c * data[at + 8]!
    }
  }
  return out
}

/** Only the height changes, as at the end of `render` of a tall image. */
const reduceHeight = (source: Pixels, height: number, { first, weights }: NonNullable<Axis["three"]>): Pixels => {
  const { data, width } = source
  const length = width * 3
  const out = unwritten(width, height)
  const target = out.data
  for (let y = 0, to = 0; y < height; y++) {
    const a = weights[3 * y]!
    const b = weights[3 * y + 1]!
    const c = weights[3 * y + 2]!
    let at = first[y]! * length
    for (let i = 0; i < length; i++, at++, to++) {
      target[to] = 0.5 + a * data[at]! + b * data[at + length]! + c * data[at + 2 * length]!
    }
  }
  return out
}

/** Output row `y` before its columns are reduced: a weighted sum of source rows. */
const blendRows = (source: Pixels, rows: Axis, y: number, row: Float32Array): void => {
  const length = source.width * 3
  row.fill(0)
  for (let tap = 0; tap < rows.count[y]!; tap++) {
    const weight = rows.weights[rows.offset[y]! + tap]!
    const from = (rows.first[y]! + tap) * length
    for (let i = 0; i < length; i++) row[i]! += weight * source.data[from + i]!
  }
}

/** Antialiased, aspect not kept: what the network's images are made with (equal to Pillow's BILINEAR). */
export const resize = (source: Pixels, width: number, height: number): Pixels =>
  resampleWith(source, width, height, triangle)

/** OpenCV's INTER_AREA, for reductions. */
export const resizeArea = (source: Pixels, width: number, height: number): Pixels =>
  resampleWith(source, width, height, area)

/** OpenCV's INTER_LINEAR: no antialiasing. */
export const resizeLinear = (source: Pixels, width: number, height: number): Pixels =>
  resampleWith(source, width, height, linear)
