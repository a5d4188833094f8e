/** Clouds of points to compare. */
import { generator } from "../../../src/random/generator.ts"
import type { Features } from "../../../src/statistics/generators/features.ts"

/** `rows` normal points in `columns` dimensions about `center`, `deviation` wide. */
export const cloud = (
  rows: number,
  columns: number,
  center: number,
  deviation: number,
  ...key: Array<string>
): Features => {
  const random = generator("cloud", ...key)
  return {
    rows,
    columns,
    data: Float32Array.from({ length: rows * columns }, () => random.normal(center, deviation))
  }
}

export const points = (...rows: ReadonlyArray<ReadonlyArray<number>>): Features => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float32Array.from(rows.flat())
})
