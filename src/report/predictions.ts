/** The predictions of all arms and seeds as one table, a row an image and a run: CSV for people, Arrow for programs. */
import { type ColumnTable, table, toArrowIPC, toCSV } from "arquero"
import { sigmoid } from "../statistics/numeric.ts"
import type { PredictionRun } from "./input.ts"

const reserved = ["arm", "seed", "id", "group", "origin", "label", "logit", "probability", "calibrated", "called"]

/**
 * `probability` is what the loss was of, and what the report's figures are of; `calibrated` is the probability that
 * `predict` prints, of the logit divided by a temperature fitted on validation. Columns in this order, then the attributes by name (`attribute.` before a name that is taken).
 */
const tableOf = (runs: ReadonlyArray<PredictionRun>): ColumnTable => {
  const rows = runs.flatMap((run) => run.predictions.id.map((_, row) => ({ run, row })))
  const attributes = [...new Set(runs.flatMap((run) => Object.keys(run.predictions.attributes ?? {})))].sort()
  const column = <A>(value: (run: PredictionRun, row: number) => A): Array<A> =>
    rows.map(({ run, row }) => value(run, row))
  return table([
    ["arm", column((run) => run.arm)],
    ["seed", column((run) => run.seed)],
    ["id", column(({ predictions }, row) => predictions.id[row]!)],
    ["group", column(({ predictions }, row) => predictions.group[row]!)],
    ["origin", column(({ predictions }, row) => predictions.origin[row]!)],
    ["label", column(({ predictions }, row) => predictions.label[row]!)],
    ["logit", column(({ predictions }, row) => predictions.logit[row]!)],
    ["probability", column(({ predictions }, row) => sigmoid(predictions.logit[row]!))],
    ["calibrated", column(({ predictions, temperature }, row) => sigmoid(predictions.logit[row]! / temperature))],
    ["called", column(({ predictions, threshold }, row) => (predictions.logit[row]! >= threshold ? 1 : 0))],
    ...attributes.map((name): [string, Array<string | null>] => [
      reserved.includes(name) ? `attribute.${name}` : name,
      column(({ predictions }, row) => predictions.attributes?.[name]?.[row] ?? null)
    ])
  ])
}

/** RFC 4180 with a header; numbers in full, so that they read back as the same; a missing attribute is empty. */
export const predictionsCsv = (runs: ReadonlyArray<PredictionRun>): string => toCSV(tableOf(runs))

/** The same table as an Arrow IPC file. */
export const predictionsArrow = (runs: ReadonlyArray<PredictionRun>): Uint8Array =>
  toArrowIPC(tableOf(runs), { format: "file" })
