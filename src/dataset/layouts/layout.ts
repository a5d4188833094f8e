/** What a layout makes of a folder before the images are opened. */
import type * as Effect from "effect/Effect"
import type { CsvTable } from "../csv.ts"
import type { FileEntry, Label, LeftOut, Manifest, SplitName, Value } from "../dataset.ts"
import { IngestError } from "../ingest-error.ts"
import type { IngestOptions } from "../options.ts"

/** An image with its label, not yet opened. */
export interface Draft {
  readonly entry: FileEntry
  readonly label: Label
  /** The value that gave the label, as written. */
  readonly labelValue: string
  readonly group: string
  readonly split?: SplitName
  readonly metadata: Readonly<Record<string, Value>>
}

export interface Drafts {
  readonly layout: string
  readonly table: string | null
  readonly drafts: ReadonlyArray<Draft>
  readonly excluded: ReadonlyArray<LeftOut>
  readonly warnings: ReadonlyArray<string>
}

/** The folder as layouts see it: its images, its tables, its JSON files (bytes on demand) and the user's options. */
export interface Folder {
  readonly images: ReadonlyArray<FileEntry>
  readonly tables: ReadonlyArray<CsvTable>
  readonly manifest: Manifest | null
  readonly options: IngestOptions
}

export type Reading = Effect.Effect<Drafts, IngestError>

export const splitNames: Readonly<Record<string, SplitName>> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  dev: "validation",
  test: "test",
  testing: "test"
}

export const fault = (reason: IngestError["reason"], place: string, what: string, mend: string): IngestError =>
  new IngestError({ reason, place, fault: what, mend })
