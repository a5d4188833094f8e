/** The data set as an Arquero table, for counting and exploring. */
import { type ColumnTable, table } from "arquero"
import type { Dataset, Row } from "./dataset.ts"

const fixed = ["id", "path", "digest", "label", "group", "origin", "width", "height", "split"] as const

/** One row an image; metadata as further columns, prefixed "metadata." where a name is taken; empty cells are null. */
export const toTable = (dataset: Pick<Dataset, "rows">): ColumnTable => {
  const { rows } = dataset
  const names = new Set(rows.flatMap((row) => Object.keys(row.metadata)))
  const own = (name: (typeof fixed)[number]) => [name, rows.map((row: Row) => row[name] ?? null)] as const
  const metadata = [...names].map((name) => {
    const taken = (fixed as ReadonlyArray<string>).includes(name)
    return [taken ? `metadata.${name}` : name, rows.map((row) => row.metadata[name] ?? null)] as const
  })
  return table(Object.fromEntries([...fixed.map(own), ...metadata]))
}
