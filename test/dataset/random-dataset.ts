/** Random data sets for properties: groups of several images, classes in any ratio. */
import { Schema } from "effect"
import type { Dataset, Label, Row } from "../../src/dataset/dataset.ts"
import { generator } from "../../src/random/generator.ts"

/** Parameters of a random data set: enough groups that every part of a split can have both classes. */
export const Shape = Schema.Struct({
  seed: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 })),
  groups: Schema.Int.check(Schema.isBetween({ minimum: 40, maximum: 200 })),
  largest: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 })),
  melanoma: Schema.Int.check(Schema.isBetween({ minimum: 20, maximum: 80 }))
})
export type Shape = typeof Shape.Type

export const row = (id: string, label: Label, group: string, rest: Partial<Row> = {}): Row => ({
  id,
  path: id,
  digest: `digest of ${id}`,
  label,
  group,
  origin: "real",
  width: 10,
  height: 10,
  metadata: {},
  ...rest
})

export const dataset = (rows: ReadonlyArray<Row>, rest: Partial<Dataset> = {}): Dataset => ({
  layout: "table",
  table: "labels.csv",
  origin: rows[0]?.origin ?? "real",
  rows: [...rows].sort((a, b) => (a.id < b.id ? -1 : 1)),
  unreadable: [],
  excluded: [],
  nearDuplicates: [],
  copies: [],
  warnings: [],
  manifest: null,
  melanomaRule: [],
  ...rest
})

/** Two groups of each eight have their class given, so that few groups and a rare class leave enough for every part. */
const shareOfMelanoma = (group: number, draw: number, melanoma: number): number => {
  if (group % 8 === 0) return 0.8
  if (group % 8 === 1) return 0
  return draw * 100 < melanoma ? 0.8 : 0
}

export const randomDataset = ({ seed, groups, largest, melanoma }: Shape): Dataset => {
  const rows: Array<Row> = []
  for (let g = 0; g < groups; g++) {
    const random = generator("random dataset", seed, g)
    const share = shareOfMelanoma(g, random.float(), melanoma)
    const size = 1 + random.integer(largest)
    for (let i = 0; i < size; i++) {
      const label = i === 0 && share > 0 ? 1 : random.float() < share ? 1 : 0
      rows.push(row(`${g}-${i}.png`, label, `patient:${g}`))
    }
  }
  return dataset(rows)
}

export const synthetic = (count: number, label: Label = 1, prefix = "fake"): Dataset =>
  dataset(
    Array.from({ length: count }, (_, i) =>
      row(`${prefix}${i}.png`, label, `image:${prefix}${i}.png`, { origin: "synthetic" })
    ),
    { origin: "synthetic", layout: "class-in-name", table: null }
  )
