/** Which columns of a table mean what: from a known layout, from the configuration, or from the usual names. */
import * as Effect from "effect/Effect"
import type { CsvTable } from "../csv.ts"
import { columnIndex } from "../csv.ts"
import { listed } from "../fault.ts"
import type { IngestError } from "../ingest-error.ts"
import type { Columns } from "../options.ts"
import { columnSynonyms, type TableLayout } from "./known-tables.ts"
import { fault } from "./layout.ts"

/** Column indices; -1 where there is none. */
export interface TableColumns {
  readonly image: number
  /** The value column, or the one-hot columns with the index of the positive one. */
  readonly label: number
  readonly oneHot: ReadonlyArray<number>
  readonly group: number
  readonly lesion: number
  readonly split: number
}

/** The first known layout whose signature the table has. */
export const fits = (table: CsvTable, layout: TableLayout): boolean =>
  (layout.separator === undefined || layout.separator === table.separator) &&
  layout.signature.every((name) => columnIndex(table, name) >= 0)

/** Whether the table could hold labels of images, under the configured names or, where there are none, usual ones. */
export const fitsGeneric = (table: CsvTable, columns: Columns): boolean => {
  const has = (configured: string | undefined, usual: ReadonlyArray<string>) =>
    columnIndex(table, ...(configured === undefined ? usual : [configured])) >= 0
  return has(columns.image, columnSynonyms.image) && has(columns.label, columnSynonyms.label)
}

const resolve = (
  table: CsvTable,
  role: keyof Columns,
  configured: string | undefined,
  names: ReadonlyArray<string>,
  required: boolean
): Effect.Effect<number, IngestError> => {
  const index = columnIndex(table, ...(configured === undefined ? names : [configured]))
  if (index >= 0 || (configured === undefined && !required)) return Effect.succeed(index)
  const what =
    configured === undefined
      ? `no column for the ${role} (looked for ${listed(names, 8)})`
      : `no column “${configured}” for the ${role}`
  return Effect.fail(
    fault(
      "missing-column",
      `${table.path}, line 1`,
      `${what}; the columns are ${listed(table.columns, 12)}`,
      `Set data.${role} to one of them.`
    )
  )
}

/**
 * The columns of `table` under a known layout, or under the usual names where `layout` is undefined. What a layout says
 * nothing of (a patient, a lesion, a split that somebody added) is looked for under the usual names: nothing that must
 * hold images together, or apart, is passed over.
 */
export const tableColumns = Effect.fnUntraced(function* (
  table: CsvTable,
  layout: TableLayout | undefined,
  configured: Columns
) {
  const names = (own: string | undefined, usual: ReadonlyArray<string>) => (own === undefined ? usual : [own])
  const oneHot = layout?.label._tag === "OneHot" && configured.label === undefined ? layout.label : undefined
  const valueName = layout?.label._tag === "Value" ? layout.label.column : oneHot?.positive
  const columns: TableColumns = {
    image: yield* resolve(table, "image", configured.image, names(layout?.image, columnSynonyms.image), true),
    label: yield* resolve(table, "label", configured.label, names(valueName, columnSynonyms.label), true),
    oneHot: oneHot?.columns.map((name) => columnIndex(table, name)).filter((index) => index >= 0) ?? [],
    group: yield* resolve(table, "group", configured.group, names(layout?.patient, columnSynonyms.group), false),
    lesion: yield* resolve(table, "lesion", configured.lesion, names(layout?.lesion, columnSynonyms.lesion), false),
    split: yield* resolve(table, "split", configured.split, names(layout?.split, columnSynonyms.split), false)
  }
  return columns
})
