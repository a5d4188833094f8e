/** A table of labels, in a known layout or under usual column names, as drafts of rows. */
import * as Effect from "effect/Effect"
import type { CsvTable } from "../csv.ts"
import { columnIndex } from "../csv.ts"
import type { LeftOut } from "../dataset.ts"
import { listed } from "../fault.ts"
import type { IngestError } from "../ingest-error.ts"
import { folderOf, imageFinder, stemOf } from "../paths.ts"
import { columnValues } from "../values.ts"
import { readGroup, readLabel, readSplit } from "./cells.ts"
import { tableColumns } from "./columns.ts"
import { companionColumns, declaredSplits, listedDuplicates } from "./companions.ts"
import type { TableLayout } from "./known-tables.ts"
import { type Draft, type Drafts, type Folder, fault } from "./layout.ts"

/** Reads `table` under `layout` (undefined: usual or configured column names). Fails at the first row that is wrong. */
export const readTable = Effect.fnUntraced(function* (
  folder: Folder,
  table: CsvTable,
  layout: TableLayout | undefined
): Effect.fn.Return<Drafts, IngestError> {
  const { options } = folder
  const columns = yield* tableColumns(table, layout, options.columns)
  const find = imageFinder(folder.images)
  const base = folderOf(table.path)
  const joined = companionColumns(folder, table, layout)
  const duplicates = listedDuplicates(folder, table, layout)
  const splits = yield* declaredSplits(folder, table, layout)
  const digestColumn = columnIndex(table, "sha256")
  const duplicateColumn = layout?.duplicates === undefined ? -1 : columnIndex(table, layout.duplicates.column)
  const skipped = new Set([columns.image, columns.split, digestColumn, ...columns.oneHot])
  const metadata = [
    ...table.columns.flatMap((name, index) =>
      skipped.has(index) || name === "" || name === "__proto__" ? [] : [{ name, values: columnValues(table, index) }]
    ),
    ...joined.columns
  ]

  // A column that the user names is taken at its word.
  const pattern = options.columns.group === undefined ? layout?.patientPattern : undefined
  const drafts: Array<Draft> = []
  const excluded: Array<LeftOut> = []
  const missing: Array<string> = []
  const seen = new Map<string, number>()
  const known = new Set<string>()
  for (const [position, { line, cells }] of table.records.entries()) {
    const cell = cells[columns.image] ?? ""
    const place = `${table.path}, line ${line}`
    const imagePlace = `${place}, column “${table.columns[columns.image]}”`
    if (cell === "") {
      const mend = "Fill it in, or remove the row."
      return yield* fault("missing-image", imagePlace, "the row names no image", mend)
    }
    const stem = stemOf(cell.replaceAll("\\", "/"))
    const found = find(cell, base)
    const duplicate = duplicates.has(stem)
      ? "listed as a duplicate of another image"
      : duplicateColumn >= 0 && layout!.duplicates!.values.includes(cells[duplicateColumn] ?? "")
        ? `marked as a duplicate by the column “${layout!.duplicates!.column}”`
        : undefined
    if (duplicate !== undefined) {
      excluded.push({ path: cell, reason: duplicate })
      if (found._tag === "Found") known.add(found.entry.path)
      continue
    }
    if (found._tag === "Outside") {
      const mend = "Paths are relative to the data folder and stay inside it."
      return yield* fault("path-outside", imagePlace, `“${cell}” points out of the data folder`, mend)
    }
    if (found._tag === "Ambiguous") {
      const what = `“${cell}” could be ${listed(found.paths, 3)}, which differ`
      return yield* fault("ambiguous-image", imagePlace, what, "Set data.images to the folder that is meant.")
    }
    if (found._tag === "Missing") {
      missing.push(`${cell} (line ${line})`)
      excluded.push({ path: cell, reason: "the file is not in the folder" })
      continue
    }
    const { entry } = found
    const earlier = seen.get(entry.path)
    if (earlier !== undefined) {
      const what = `“${cell}” is the image of line ${earlier} again`
      return yield* fault("duplicate-image", imagePlace, what, "Keep one row for each image.")
    }
    seen.set(entry.path, line)
    known.add(entry.path)
    const digest = digestColumn < 0 ? "" : (cells[digestColumn] ?? "").toLowerCase()
    if (/^[0-9a-f]{64}$/u.test(digest) && digest !== entry.digest) {
      const what = `the file ${entry.path} has another SHA-256 than the table says`
      return yield* fault("digest-mismatch", place, what, "Fetch the image again, or remove the column sha256.")
    }
    const { label, value } = yield* readLabel(table, columns, cells, place, options.positive)
    const split = splits?.[position] ?? (yield* readSplit(table, columns.split, cells[columns.split] ?? "", place))
    const own = columns.group < 0 ? "" : (cells[columns.group] ?? "")
    const patient = pattern === undefined || pattern.test(own) ? own : ""
    const lesion = joined.lesions?.[position] ?? (columns.lesion < 0 ? "" : (cells[columns.lesion] ?? ""))
    drafts.push({
      entry,
      label,
      labelValue: value,
      group: readGroup(patient, lesion, entry.path),
      ...(split === undefined ? {} : { split }),
      metadata: Object.fromEntries(metadata.map(({ name, values }) => [name, values[position] ?? null]))
    })
  }
  if (missing.length > options.missingLimit) {
    const what = `${missing.length} of ${table.records.length} images are not in the folder: ${listed(missing)}`
    const mend = `Add them, or set data.missingLimit to ${missing.length} to go on without them.`
    return yield* fault("missing-image", table.path, what, mend)
  }
  const unnamed = folder.images.length - known.size
  const warnings = [
    ...table.warnings,
    ...joined.warnings,
    ...(unnamed > 0 ? [`${unnamed} images of the folder stand in no row of ${table.path} and are left out.`] : [])
  ]
  return { layout: layout?.name ?? "table", table: table.path, drafts, excluded, warnings }
})
