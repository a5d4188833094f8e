/** Images as points: one row of features an image. */
import { generator } from "../../random/generator.ts"

/** `rows` × `columns` numbers, row after row. Both sides of a comparison must come from one network and one resize path. */
export interface Features {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}

export const rowOf = ({ columns, data }: Features, row: number): Float32Array =>
  data.subarray(row * columns, (row + 1) * columns)

/** The rows at `indices`, copied. */
export const takeRows = (features: Features, indices: ArrayLike<number>): Features => {
  const data = new Float32Array(indices.length * features.columns)
  for (let at = 0; at < indices.length; at++) data.set(rowOf(features, indices[at]!), at * features.columns)
  return { rows: indices.length, columns: features.columns, data }
}

/** At most `most` rows, drawn without replacement and kept in their order: the cost of what follows is quadratic in them. */
export const limitRows = (
  features: Features,
  most: number,
  key: ReadonlyArray<string | number>
): { readonly features: Features; readonly indices: ReadonlyArray<number> } => {
  const all = Array.from({ length: features.rows }, (_, row) => row)
  if (features.rows <= most) return { features, indices: all }
  const indices = generator("feature rows", ...key)
    .shuffle(all)
    .slice(0, most)
    .sort((a, b) => a - b)
  return { features: takeRows(features, indices), indices }
}
