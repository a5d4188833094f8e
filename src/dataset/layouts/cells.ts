/** What the cells of one row say: label, split, group. */
import * as Effect from "effect/Effect"
import type { CsvTable } from "../csv.ts"
import type { Label, SplitName } from "../dataset.ts"
import { labelOf } from "../diagnoses.ts"
import { listed } from "../fault.ts"
import type { IngestError } from "../ingest-error.ts"
import { isMissing, isNobody } from "../values.ts"
import type { TableColumns } from "./columns.ts"
import { fault, splitNames } from "./layout.ts"

type Outcome<A> = Effect.Effect<A, IngestError>

/** The label of a row, from its value or its one-hot columns. */
export const readLabel = (
  table: CsvTable,
  columns: TableColumns,
  cells: ReadonlyArray<string>,
  place: string,
  positive: ReadonlyArray<string>
): Outcome<{ label: Label; value: string }> => {
  if (columns.oneHot.length > 0) {
    const hot = columns.oneHot.filter((index) => Number(cells[index]) === 1)
    const cold = columns.oneHot.filter((index) => Number(cells[index]) === 0 && cells[index] !== "")
    if (hot.length !== 1 || cold.length !== columns.oneHot.length - 1) {
      const what = `the class columns hold ${listed(
        columns.oneHot.map((index) => cells[index] || "nothing"),
        9
      )}`
      return Effect.fail(fault("unknown-label", place, what, "One of them must be 1, the others 0."))
    }
    const value = table.columns[hot[0]!]!
    const label = positive.length > 0 ? labelOf(value, positive)! : hot[0] === columns.label ? 1 : 0
    return Effect.succeed({ label, value })
  }
  const value = cells[columns.label] ?? ""
  const name = table.columns[columns.label] ?? ""
  if (isMissing(value)) {
    const mend = "Fill it in, or remove the row."
    return Effect.fail(fault("missing-label", `${place}, column “${name}”`, "there is no label", mend))
  }
  const label = labelOf(value, positive)
  if (label !== undefined) return Effect.succeed({ label, value })
  const mend = "Set data.positive to the value that counts as melanoma, or correct the cell."
  const what = `“${value}” is not a diagnosis that the table of diagnoses knows`
  return Effect.fail(fault("unknown-label", `${place}, column “${name}”`, what, mend))
}

/** The split that a cell declares; undefined where it is empty or there is no such column. */
export const readSplit = (
  table: CsvTable,
  index: number,
  cell: string,
  place: string
): Outcome<SplitName | undefined> => {
  if (index < 0 || isMissing(cell)) return Effect.succeed(undefined)
  const split = Object.hasOwn(splitNames, cell.toLowerCase()) ? splitNames[cell.toLowerCase()] : undefined
  if (split !== undefined) return Effect.succeed(split)
  const mend = "Write train, val (or validation) or test, or rename the column."
  return Effect.fail(
    fault("unknown-split", `${place}, column “${table.columns[index]}”`, `unknown split “${cell}”`, mend)
  )
}

/** The group of an image: its patient, else its lesion, else itself. */
export const readGroup = (patient: string, lesion: string, path: string): string =>
  !isNobody(patient) ? `patient:${patient}` : !isNobody(lesion) ? `lesion:${lesion}` : `image:${path}`
