/** What is in a data set, as data and as text: the first thing to look at, before any training. */
import { type ColumnTable, table as newTable } from "arquero"
import { compareText, countLabels, type Dataset, type SplitName } from "./dataset.ts"
import { exactDuplicates } from "./groups.ts"
import { suspicions } from "./suspicions.ts"
import { toTable } from "./table.ts"

/** A column of metadata: its missing cells, and the range of numbers or the most frequent texts. */
export interface ColumnSummary {
  readonly name: string
  readonly missing: number
  readonly distinct: number
  readonly range: readonly [minimum: number, maximum: number] | null
  readonly frequent: ReadonlyArray<readonly [value: string, images: number]>
}

export interface Summary {
  readonly layout: string
  readonly table: string | null
  readonly images: number
  readonly classes: { readonly benign: number; readonly melanoma: number }
  readonly melanomaRule: Dataset["melanomaRule"]
  /** Groups by what names them ("patient", "lesion", "image"), and the most images that one has. */
  readonly groups: { readonly count: number; readonly by: Readonly<Record<string, number>>; readonly largest: number }
  /** Pixel sizes, the most frequent first. */
  readonly sizes: ReadonlyArray<readonly [size: string, images: number]>
  /** Shorter sides in pixels. */
  readonly side: { readonly minimum: number; readonly median: number; readonly maximum: number }
  readonly declaredSplits: Readonly<Partial<Record<SplitName, number>>>
  /** Images that equal an earlier one, and pairs that nearly do. */
  readonly equalImages: number
  readonly nearDuplicates: number
  /** Images that nearly show one of the set that this one was held against. */
  readonly copies: number
  readonly unreadable: Dataset["unreadable"]
  readonly excluded: Dataset["excluded"]
  readonly columns: ReadonlyArray<ColumnSummary>
  readonly suspicious: ReadonlyArray<string>
  readonly warnings: ReadonlyArray<string>
}

/** Values of a column with their numbers of rows, the most frequent first. */
const frequencies = (table: ColumnTable, column: string): ReadonlyArray<readonly [value: unknown, rows: number]> => {
  const counted = table.groupby(column).count({ as: " images" })
  const values = Array.from(counted.array(column) as ArrayLike<unknown>)
  const counts = Array.from(counted.array(" images") as ArrayLike<number>)
  return values
    .map((value, index) => [value, counts[index]!] as const)
    .sort((a, b) => b[1] - a[1] || compareText(String(a[0]), String(b[0])))
}

const columnSummary = (table: ColumnTable, name: string): ColumnSummary => {
  const all = frequencies(table, name)
  const missing = all.find(([value]) => value === null)?.[1] ?? 0
  const filled = all.filter(([value]) => value !== null)
  const numbers = filled.flatMap(([value]) => (typeof value === "number" ? [value] : []))
  const range =
    numbers.length > 0 && numbers.length === filled.length
      ? ([numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))] as const)
      : null
  return {
    name,
    missing,
    distinct: filled.length,
    range,
    frequent: filled.slice(0, 5).map(([value, images]) => [String(value), images] as const)
  }
}

/** Counts a data set. */
export const describe = (dataset: Dataset): Summary => {
  const { rows } = dataset
  const table = toTable(dataset)
  const members = frequencies(table, "group")
  const kinds = new Map<string, number>()
  for (const [group] of members) {
    const kind = String(group).split(":", 1)[0]!
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const sized = newTable({ size: rows.map(({ width, height }) => `${width} × ${height}`) })
  const sides = [...rows.map(({ width, height }) => Math.min(width, height))].sort((a, b) => a - b)
  const splits = frequencies(table, "split").filter(([name]) => name !== null)
  const known = new Set(["id", "path", "digest", "label", "group", "origin", "width", "height", "split"])
  return {
    layout: dataset.layout,
    table: dataset.table,
    images: rows.length,
    classes: countLabels(rows),
    melanomaRule: dataset.melanomaRule,
    groups: {
      count: members.length,
      by: Object.fromEntries([...kinds].sort((a, b) => compareText(a[0], b[0]))),
      largest: members[0]?.[1] ?? 0
    },
    sizes: frequencies(sized, "size").map(([size, images]) => [String(size), images] as const),
    side: { minimum: sides[0] ?? 0, median: sides[sides.length >> 1] ?? 0, maximum: sides.at(-1) ?? 0 },
    declaredSplits: Object.fromEntries(splits),
    equalImages: exactDuplicates(rows).length,
    nearDuplicates: dataset.nearDuplicates.length,
    copies: new Set(dataset.copies.map(([id]) => id)).size,
    unreadable: dataset.unreadable,
    excluded: dataset.excluded,
    columns: table.columnNames((name) => !known.has(name)).map((name) => columnSummary(table, name)),
    suspicious: suspicions(rows),
    warnings: dataset.warnings
  }
}
