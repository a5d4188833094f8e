/** The user's folder before a layout is known: its images, its tables, its manifest. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type CsvTable, columnCount, parseCsv, tableBytesLimit } from "./csv.ts"
import { compareText, type FileEntry } from "./dataset.ts"
import { listed } from "./fault.ts"
import { IngestError } from "./ingest-error.ts"
import type { LabelFile } from "./layouts/detect.ts"
import type { Folder } from "./layouts/layout.ts"
import { manifestName, parseManifest } from "./manifest.ts"
import type { IngestOptions } from "./options.ts"
import { fileName, isImagePath } from "./paths.ts"

const tablePattern = /\.(csv|tsv)$/iu
/** Tables of pixel values have thousands of columns (HAM10000 comes with four). */
const widest = 200
const jsonBytesLimit = 64 * 1024 * 1024

const isHidden = (path: string): boolean => path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX")

/**
 * Lists the images, parses the tables and reads the manifest. Hidden files are passed over, and so are tables beside the
 * labels that are too large or too wide to be one. Fails with `IngestError` where there is no image or a table is wrong.
 */
export const openFolder = Effect.fnUntraced(function* <E, R>(
  files: ReadonlyArray<FileEntry>,
  read: (entry: FileEntry) => Effect.Effect<Uint8Array, E, R>,
  options: IngestOptions
) {
  const visible = files.filter(({ path }) => !isHidden(path)).sort((a, b) => compareText(a.path, b.path))
  const prefix = options.images === "" ? "" : `${options.images.replace(/\/+$/u, "")}/`
  const images = visible.filter(({ path }) => isImagePath(path) && path.startsWith(prefix))
  if (images.length === 0) {
    return yield* new IngestError({
      reason: "no-images",
      place: prefix === "" ? "the data folder" : `the folder ${prefix} of the data folder`,
      fault: files.length === 0 ? "it is empty" : `none of its ${files.length} files is an image (.jpg, .png, …)`,
      mend: "Give the folder that holds the images and, where there is one, their table."
    })
  }
  if (options.table !== "" && !visible.some(({ path }) => path === options.table)) {
    return yield* new IngestError({
      reason: "unknown-layout",
      place: "data.table",
      fault: `there is no file ${options.table} in the data folder`,
      mend: `The tables in it are: ${listed(visible.map(({ path }) => path).filter((path) => tablePattern.test(path))) || "none"}.`
    })
  }
  const warnings: Array<string> = []
  const tables: Array<CsvTable> = []
  const listing = visible.filter(({ path }) => tablePattern.test(path) || path === options.table)
  for (const entry of listing) {
    if (entry.path !== options.table && entry.size > tableBytesLimit) {
      warnings.push(`${entry.path}: larger than 64 MiB, not read.`)
      continue
    }
    const bytes = yield* read(entry)
    const columns = columnCount(bytes)
    if (entry.path !== options.table && columns > widest) {
      warnings.push(`${entry.path}: ${columns} columns, not read.`)
      continue
    }
    const parsed = yield* Effect.result(parseCsv(entry.path, bytes))
    if (Result.isSuccess(parsed)) tables.push(parsed.success)
    // Beside a named table the others can only be companions: one that cannot be read is as if it were not there.
    else if (options.table === "" || entry.path === options.table) {
      const { failure } = parsed
      if (listing.length === 1 || options.table !== "") return yield* failure
      const mend = `${failure.mend} Or set data.table to the table of the labels, if it is another one.`
      const { reason, place, fault } = failure
      return yield* new IngestError({ reason, place, fault, mend })
    }
  }
  const text = Effect.fnUntraced(function* (entry: FileEntry) {
    if (entry.size > jsonBytesLimit) return ""
    return new TextDecoder().decode(yield* read(entry))
  })
  const manifestEntry = visible.find(({ path }) => path === manifestName)
  const manifest = manifestEntry === undefined ? null : yield* parseManifest(manifestName, yield* text(manifestEntry))
  const labels: Array<LabelFile> = []
  for (const entry of visible.filter(({ path }) => fileName(path) === "dataset.json")) {
    labels.push({ path: entry.path, text: yield* text(entry) })
  }
  const folder: Folder = { images, tables, manifest, options }
  return { folder, labels, warnings }
})
