/** Which layout a folder has. A configured layout or table is taken at its word; else tables come before names. */
import * as Effect from "effect/Effect"
import type { CsvTable } from "../csv.ts"
import { labelOf } from "../diagnoses.ts"
import { listed } from "../fault.ts"
import type { IngestError } from "../ingest-error.ts"
import { fileName } from "../paths.ts"
import { classFromFolders, classFromName, readClassFolders, readClassInName, readOneClass } from "./class-names.ts"
import { fits, fitsGeneric } from "./columns.ts"
import { knownTables, type TableLayout } from "./known-tables.ts"
import { type Drafts, type Folder, fault, type Reading } from "./layout.ts"
import { readTable } from "./read-table.ts"
import { readStyleGan } from "./stylegan.ts"

/** Every layout by name. */
export const layoutNames: ReadonlyArray<string> = [
  ...knownTables.map(({ name }) => name),
  "table",
  "stylegan",
  "class-folders",
  "class-in-name",
  "one-class"
]

/** A JSON file of the folder that may hold StyleGAN's labels. */
export interface LabelFile {
  readonly path: string
  readonly text: string
}

const onlyOne = (name: string, tables: ReadonlyArray<CsvTable>): Effect.Effect<CsvTable, IngestError> => {
  const [table, ...more] = tables
  if (table !== undefined && more.length === 0) return Effect.succeed(table)
  const paths = listed(tables.map(({ path }) => path))
  return Effect.fail(
    fault(
      "ambiguous-layout",
      "the data folder",
      `${paths} could all hold the labels (${name})`,
      "Set data.table to one."
    )
  )
}

/** The tables that may hold the labels: the configured one, else all. */
const candidates = (folder: Folder): ReadonlyArray<CsvTable> =>
  folder.options.table === "" ? folder.tables : folder.tables.filter(({ path }) => path === folder.options.table)

const fromTables = (folder: Folder, known: ReadonlyArray<TableLayout>, generic: boolean): Reading | undefined => {
  for (const layout of known) {
    const tables = candidates(folder).filter((table) => fits(table, layout))
    if (tables.length > 0) {
      return onlyOne(layout.name, tables).pipe(Effect.flatMap((table) => readTable(folder, table, layout)))
    }
  }
  const tables = generic ? candidates(folder).filter((table) => fitsGeneric(table, folder.options.columns)) : []
  if (tables.length === 0) return undefined
  return onlyOne("table", tables).pipe(Effect.flatMap((table) => readTable(folder, table, undefined)))
}

const manifestClass = (folder: Folder): Drafts | undefined => {
  const value = folder.options.declaredLabel ?? folder.manifest?.label
  const label = value === undefined ? undefined : labelOf(String(value))
  return label === undefined ? undefined : readOneClass(folder, label, String(value))
}

const unknown = (folder: Folder): IngestError => {
  const tables = folder.tables.map((table) => `${table.path} (${listed(table.columns, 8)})`)
  const seen = tables.length === 0 ? "there is no CSV" : `no CSV has known columns: ${listed(tables, 3)}`
  return fault(
    "unknown-layout",
    "the data folder",
    `${folder.images.length} images, and nothing that labels them: ${seen}, and no folder or file name is a class`,
    folder.options.origin === "synthetic"
      ? "Say the class of all of them: data.syntheticLabel=melanoma (or benign). Or give one folder a class, or the class in each file name."
      : "Give a CSV with the columns image and label (or set data.image, data.label), or one folder a class."
  )
}

/** Names of folders, then of files; a manifest's class stands in where not every file name has one. */
const named = (folder: Folder): Reading | undefined => {
  const { images, options } = folder
  if (images.some(({ path }) => classFromFolders(path, options.positive) !== undefined)) return readClassFolders(folder)
  const inName = images.filter(({ path }) => classFromName(path, options.positive, false) !== undefined)
  const declared = inName.length === images.length ? undefined : manifestClass(folder)
  if (declared !== undefined) return Effect.succeed(declared)
  return inName.length > 0 ? readClassInName(folder, false) : undefined
}

const auto = Effect.fnUntraced(function* (folder: Folder, labels: ReadonlyArray<LabelFile>) {
  const { options } = folder
  if (options.declaredLabel !== undefined)
    return readOneClass(folder, options.declaredLabel, String(options.declaredLabel))
  const tables = fromTables(folder, knownTables, true)
  if (tables !== undefined) return yield* tables
  // A configured name that no table has is said as such, not as an unknown folder.
  const [table] = candidates(folder)
  const configured = Object.values(options.columns).length > 0 || options.table !== ""
  if (configured && table !== undefined) return yield* readTable(folder, table, undefined)
  for (const { path, text } of labels) {
    const drafts = yield* readStyleGan(folder, path, text)
    if (drafts !== null) return drafts
  }
  return yield* named(folder) ?? Effect.fail(unknown(folder))
})

/** The drafts of the folder's rows under the configured or detected layout. */
export const readLayout = Effect.fnUntraced(function* (
  folder: Folder,
  labels: ReadonlyArray<LabelFile>
): Effect.fn.Return<Drafts, IngestError> {
  const { layout } = folder.options
  if (layout === "auto") return yield* auto(folder, labels)
  if (!layoutNames.includes(layout)) {
    const mend = `Leave it out, or take one of ${layoutNames.join(", ")}.`
    return yield* fault("unknown-layout", "data.layout", `there is no layout “${layout}”`, mend)
  }
  const known = knownTables.filter(({ name }) => name === layout)
  const absent = fault(
    "unknown-layout",
    "the data folder",
    `it does not have the layout ${layout}`,
    "Leave data.layout out."
  )
  if (known.length > 0 || layout === "table") {
    return yield* fromTables(folder, known, layout === "table") ?? Effect.fail(absent)
  }
  if (layout === "class-folders") return yield* readClassFolders(folder)
  if (layout === "class-in-name") return yield* readClassInName(folder, true)
  if (layout === "one-class") return manifestClass(folder) ?? (yield* absent)
  const file = labels.find(({ path }) => fileName(path) === "dataset.json")
  const drafts = file === undefined ? null : yield* readStyleGan(folder, file.path, file.text)
  return drafts ?? (yield* absent)
})
