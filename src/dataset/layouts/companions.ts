/** Tables that publishers put beside the labels: lesion groupings, metadata, lists of duplicates, indices of splits. */
import * as Effect from "effect/Effect"
import { type CsvTable, columnIndex } from "../csv.ts"
import type { SplitName, Value } from "../dataset.ts"
import type { IngestError } from "../ingest-error.ts"
import { fileName, stemOf } from "../paths.ts"
import { columnValues } from "../values.ts"
import type { TableLayout } from "./known-tables.ts"
import { type Folder, fault } from "./layout.ts"

interface Joined {
  readonly columns: ReadonlyArray<{ readonly name: string; readonly values: ReadonlyArray<Value> }>
  /** Lesion of each record of the labels' table, "" where unknown; null without such a companion. */
  readonly lesions: ReadonlyArray<string> | null
  readonly warnings: ReadonlyArray<string>
}

/** ISIC 2018 (`…LesionGroupings.csv`) and 2019 (`…Metadata.csv`): other tables with the columns image and lesion_id. */
export const companionColumns = (folder: Folder, table: CsvTable, layout: TableLayout | undefined): Joined => {
  if (layout?.name !== "isic-2018" && layout?.name !== "isic-2019") return { columns: [], lesions: null, warnings: [] }
  const own = columnIndex(table, layout.image)
  const keys = table.records.map(({ cells }) => stemOf(cells[own] ?? ""))
  const known = new Set(keys)
  const companions = folder.tables.filter((other) => {
    const image = columnIndex(other, "image")
    if (other.path === table.path || image < 0 || columnIndex(other, "lesion_id") < 0) return false
    return other.records.some(({ cells }) => known.has(stemOf(cells[image] ?? "")))
  })
  if (companions.length === 0) {
    const warning = `No table with the columns image and lesion_id was found: images of one lesion are not held together.`
    return { columns: [], lesions: null, warnings: [warning] }
  }
  const lesions = keys.map(() => "")
  const columns: Array<{ name: string; values: ReadonlyArray<Value> }> = []
  for (const other of companions) {
    const image = columnIndex(other, "image")
    const lesion = columnIndex(other, "lesion_id")
    const position = new Map(other.records.map(({ cells }, index) => [stemOf(cells[image] ?? ""), index]))
    const rows = keys.map((key) => position.get(key))
    for (const [index, row] of rows.entries()) {
      if (row !== undefined) lesions[index] ||= other.records[row]!.cells[lesion] ?? ""
    }
    for (const [index, name] of other.columns.entries()) {
      if (index === image || name === "") continue
      const values = columnValues(other, index)
      columns.push({ name, values: rows.map((row) => (row === undefined ? null : values[row]!)) })
    }
  }
  return { columns, lesions, warnings: [] }
}

/**
 * The names that ISIC 2020's `…Duplicates.csv` pairs with another image of the table: by convention those of its second
 * column are dropped.
 */
export const listedDuplicates = (
  folder: Folder,
  labels: CsvTable,
  layout: TableLayout | undefined
): ReadonlySet<string> => {
  const dropped = new Set<string>()
  if (layout?.name !== "siim-isic-2020") return dropped
  const image = columnIndex(labels, layout.image)
  const there = new Set(labels.records.map(({ cells }) => stemOf(cells[image] ?? "")))
  for (const table of folder.tables) {
    const first = columnIndex(table, "image_name_1")
    const second = columnIndex(table, "image_name_2")
    if (first < 0 || second < 0) continue
    for (const { cells } of table.records) {
      const kept = stemOf(cells[first] ?? "")
      const other = stemOf(cells[second] ?? "")
      if (kept !== other && there.has(kept) && !dropped.has(kept)) dropped.add(other)
    }
  }
  return dropped
}

const indexTables: ReadonlyArray<readonly [string, SplitName]> = [
  ["train_indexes.csv", "train"],
  ["valid_indexes.csv", "validation"],
  ["test_indexes.csv", "test"]
]

/** derm7pt's splits: `train_indexes.csv` and its like hold row numbers (from 0) of `meta.csv`. Null without them. */
export const declaredSplits = Effect.fnUntraced(function* (
  folder: Folder,
  table: CsvTable,
  layout: TableLayout | undefined
): Effect.fn.Return<ReadonlyArray<SplitName | undefined> | null, IngestError> {
  if (layout?.name !== "derm7pt") return null
  const splits: Array<SplitName | undefined> = table.records.map(() => undefined)
  let found = false
  for (const [name, split] of indexTables) {
    const companion = folder.tables.find((other) => fileName(other.path).toLowerCase() === name)
    if (companion === undefined) continue
    found = true
    const column = Math.max(0, columnIndex(companion, "indexes", "index"))
    for (const { line, cells } of companion.records) {
      const index = Number(cells[column] || "nothing")
      if (!Number.isInteger(index) || index < 0 || index >= splits.length) {
        const what = `“${cells[column] ?? ""}” is no row of ${table.path}, which has ${splits.length} rows, counted from 0`
        return yield* fault(
          "malformed-companion",
          `${companion.path}, line ${line}`,
          what,
          "Correct it, or remove the file."
        )
      }
      splits[index] = split
    }
  }
  return found ? splits : null
})
