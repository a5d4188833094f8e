/** A user's CSV as text cells with line numbers: encoding, separator and shape are checked here, meaning elsewhere. */
import { CsvError } from "csv-parse"
import { parse } from "csv-parse/sync"
import * as Effect from "effect/Effect"
import { IngestError } from "./ingest-error.ts"

export interface CsvRecord {
  /** The line of the file on which the record ends, from 1. */
  readonly line: number
  /** One cell a column, trimmed. */
  readonly cells: ReadonlyArray<string>
}

export interface CsvTable {
  readonly path: string
  readonly separator: string
  /** Column names as written, trimmed. */
  readonly columns: ReadonlyArray<string>
  readonly records: ReadonlyArray<CsvRecord>
  readonly warnings: ReadonlyArray<string>
}

/** Larger tables are refused: 30,000 images take about 4 MB. */
export const tableBytesLimit = 64 * 1024 * 1024
const recordLengthLimit = 64 * 1024
const columnLimit = 1_000

const separators = [",", ";", "\t", "|"]

const fail = (reason: IngestError["reason"], place: string, fault: string, mend: string) =>
  new IngestError({ reason, place, fault, mend })

/** The text of a table: UTF-8 with or without a mark; else Windows-1252, with a warning. UTF-16 and binary are refused. */
export const decodeText = (path: string, bytes: Uint8Array): Effect.Effect<[string, string?], IngestError> => {
  const [a, b] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || bytes.subarray(0, 4096).includes(0)) {
    const what = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) ? "UTF-16" : "UTF-16 or not text at all"
    return Effect.fail(fail("encoding", path, `the file is ${what}`, "Save it as UTF-8 (in Excel: “CSV UTF-8”)."))
  }
  try {
    return Effect.succeed([new TextDecoder("utf-8", { fatal: true }).decode(bytes)])
  } catch {
    const warning = `${path}: not valid UTF-8, read as Windows-1252; save it as UTF-8 if a name looks wrong.`
    return Effect.succeed([new TextDecoder("windows-1252").decode(bytes), warning])
  }
}

/** The separator that occurs most often outside quotes in the first line. */
const detectSeparator = (text: string): string => {
  const end = text.search(/[\r\n]/u)
  const header = (end < 0 ? text : text.slice(0, end)).replace(/"[^"]*"/gu, "")
  let best = ","
  let most = 0
  for (const separator of separators) {
    const count = header.split(separator).length - 1
    if (count > most) {
      best = separator
      most = count
    }
  }
  return best
}

const malformed = (path: string, error: unknown): IngestError => {
  if (!(error instanceof CsvError)) return fail("malformed-table", path, String(error), "Correct the file.")
  const lines = (error as { readonly lines?: number }).lines
  const place = lines === undefined ? path : `${path}, line ${lines}`
  switch (error.code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH":
      return fail(
        "malformed-table",
        place,
        "the row has another number of cells than the header",
        "Quote cells that contain the separator, or correct the row."
      )
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return fail("malformed-table", place, "a quote is opened and not closed", 'Close it, or write a quote as "".')
    case "CSV_INVALID_CLOSING_QUOTE":
    case "INVALID_OPENING_QUOTE":
      return fail(
        "malformed-table",
        place,
        "a quote stands inside a cell",
        'Put the cell in quotes and write "" for it.'
      )
    default:
      return fail("malformed-table", place, error.message, "Correct the row.")
  }
}

/** How many columns the first line has: a cheap look before the whole is parsed. */
export const columnCount = (bytes: Uint8Array): number => {
  const text = new TextDecoder("windows-1252").decode(bytes.subarray(0, recordLengthLimit))
  const [header = ""] = text.split(/[\r\n]/u, 1)
  return header.split(detectSeparator(text)).length
}

/** Parses a table. Fails with `encoding`, `table-too-large`, `empty-table` or `malformed-table`, naming the line. */
export const parseCsv = Effect.fnUntraced(function* (path: string, bytes: Uint8Array) {
  if (bytes.length > tableBytesLimit) {
    const size = `${Math.round(bytes.length / 1024 / 1024)} MiB`
    return yield* fail("table-too-large", path, `the table has ${size}, the limit is 64 MiB`, "Remove unused columns.")
  }
  const [decoded, warning] = yield* decodeText(path, bytes)
  const text = decoded.replace(/^\uFEFF/u, "")
  const separator = detectSeparator(text)
  const rows = yield* Effect.try({
    try: () =>
      parse(text, {
        delimiter: separator,
        info: true,
        skip_empty_lines: true,
        skip_records_with_empty_values: true,
        max_record_size: recordLengthLimit
      }) as unknown as ReadonlyArray<{
        readonly record: ReadonlyArray<string>
        readonly info: { readonly lines: number }
      }>,
    catch: (error) => malformed(path, error)
  })
  const [header, ...rest] = rows
  if (header === undefined) return yield* fail("empty-table", path, "the file is empty", "Give a table with a header.")
  const columns = header.record.map((name) => name.trim())
  if (columns.length > columnLimit) {
    return yield* fail(
      "malformed-table",
      path,
      `the header has ${columns.length} columns`,
      "Give at most 1,000 columns."
    )
  }
  const lower = columns.map((name) => name.toLowerCase())
  const twice = lower.findIndex((name, index) => name !== "" && lower.indexOf(name) !== index)
  if (twice >= 0) {
    const fault = `the header names the column “${columns[twice]}” twice`
    return yield* fail("malformed-table", `${path}, line 1`, fault, "Rename or remove one of them.")
  }
  if (rest.length === 0) {
    return yield* fail("empty-table", path, "the table has a header and no row", "Give one row an image.")
  }
  const table: CsvTable = {
    path,
    separator,
    columns,
    records: rest.map(({ record, info }) => ({ line: info.lines, cells: record.map((cell) => cell.trim()) })),
    warnings: warning === undefined ? [] : [warning]
  }
  return table
})

/** The index of the first of `names` that is a column (letter case ignored); -1 where none is. */
export const columnIndex = (table: CsvTable, ...names: ReadonlyArray<string>): number => {
  const lower = table.columns.map((name) => name.toLowerCase())
  for (const name of names) {
    const index = lower.indexOf(name.toLowerCase())
    if (index >= 0) return index
  }
  return -1
}
