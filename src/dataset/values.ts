/** Cells of metadata as values: a column is numeric when every filled cell is a number, otherwise all of it is text. */
import type { CsvTable } from "./csv.ts"
import type { Value } from "./dataset.ts"

const missing = new Set(["", "na", "n/a", "nan", "null", "none"])

/** Whether a cell says that there is no value. */
export const isMissing = (cell: string): boolean => missing.has(cell.toLowerCase())

/** Whether a cell that should name a patient or a lesion names none: such images must not become one large group. */
export const isNobody = (cell: string): boolean => isMissing(cell) || /^(unknown|unk|[-?.]+|#n\/a)$/iu.test(cell)

// A leading zero marks an identifier ("007"), more than 15 digits would lose some.
const decimal = /^[+-]?(0|[1-9]\d{0,14})(\.\d+)?([eE][+-]?\d{1,3})?$/u

const number = (cell: string, comma: boolean): number | undefined => {
  const text = comma ? cell.replace(",", ".") : cell
  if (!decimal.test(text)) return undefined
  const value = Number(text)
  // JSON has no -0.
  return Number.isFinite(value) ? value + 0 : undefined
}

/** One column as values. A comma is a decimal sign only where it does not separate the cells. */
export const columnValues = (table: CsvTable, index: number): ReadonlyArray<Value> => {
  const comma = table.separator !== ","
  const cells = table.records.map((record) => record.cells[index] ?? "")
  const filled = cells.filter((cell) => !isMissing(cell))
  const numeric = filled.length > 0 && filled.every((cell) => number(cell, comma) !== undefined)
  return cells.map((cell) => (isMissing(cell) ? null : numeric ? number(cell, comma)! : cell))
}
