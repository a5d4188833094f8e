/**
 * The data set as one table of labelled images: what `ingest` makes of a folder in any known layout, and what the split,
 * the balance and every later stage read. It encodes to plain JSON without NaN or undefined.
 */
import * as Schema from "effect/Schema"

/** One file of the user's folder: its path inside it ("/"-separated), SHA-256 of its bytes in hex, size in bytes. */
export const FileEntry = Schema.Struct({ path: Schema.String, digest: Schema.String, size: Schema.Int })
export type FileEntry = typeof FileEntry.Type

/** 1: melanoma; 0: anything else. Which diagnosis is which stands in `diagnoses.ts`. */
export const Label = Schema.Literals([0, 1])
export type Label = typeof Label.Type

/** The class that each label means, as messages, tables and reports name it. */
export const classNames = ["benign", "melanoma"] as const

export const Origin = Schema.Literals(["real", "synthetic"])
export type Origin = typeof Origin.Type

export const SplitName = Schema.Literals(["train", "validation", "test"])
export type SplitName = typeof SplitName.Type

/** A cell of the user's table: numbers where the whole column is numeric, null where the cell is empty. */
export const Value = Schema.NullOr(Schema.Union([Schema.Finite, Schema.String]))
export type Value = typeof Value.Type

export const Row = Schema.Struct({
  /** The path of the image inside the folder: unique within a data set. */
  id: Schema.String,
  path: Schema.String,
  /** SHA-256 (hex) of the image file. */
  digest: Schema.String,
  label: Label,
  /** What must stay in one split: "patient:…", else "lesion:…", else "image:…"; merged where images are duplicates. */
  group: Schema.String,
  origin: Origin,
  /** Pixels as shown, after EXIF orientation. */
  width: Schema.Int,
  height: Schema.Int,
  /** The split that the user's folder declares for the image. */
  split: Schema.optionalKey(SplitName),
  /** SHA-256 (hex) of the decoded pixels, where the probe gave it. */
  pixelDigest: Schema.optionalKey(Schema.String),
  metadata: Schema.Record(Schema.String, Value)
})
export type Row = typeof Row.Type

/** What is known of the generator of a synthetic set: `generator.json` beside its images. */
export const Manifest = Schema.Struct({
  generator: Schema.optionalKey(Schema.String),
  /** The real images it was trained on, as ids (paths) of the real data set, or as bare image names. */
  trainedOn: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The one class it makes, where it is not conditional. */
  label: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite])),
  conditional: Schema.optionalKey(Schema.Boolean),
  seed: Schema.optionalKey(Schema.Finite),
  /** Truncation ψ of the latent, where it was used. */
  truncation: Schema.optionalKey(Schema.Finite)
})
export type Manifest = typeof Manifest.Type

/** An image of the table that is not among the rows, and why. */
export const LeftOut = Schema.Struct({ path: Schema.String, reason: Schema.String })
export type LeftOut = typeof LeftOut.Type

/** How one value of the label column (or class folder) was read, and how many images have it. */
export const LabelRule = Schema.Struct({ value: Schema.String, label: Label, images: Schema.Int })
export type LabelRule = typeof LabelRule.Type

export const Dataset = Schema.Struct({
  /** The layout's name, such as "ham10000" or "class-folders". */
  layout: Schema.String,
  /** The table of labels inside the folder, when there is one. */
  table: Schema.NullOr(Schema.String),
  origin: Origin,
  /** Sorted by id. */
  rows: Schema.Array(Row),
  /** Images that could not be decoded. */
  unreadable: Schema.Array(LeftOut),
  /** Images left out by a rule of the layout (listed duplicates, absent files within the limit). */
  excluded: Schema.Array(LeftOut),
  /** Pairs of ids that show the same picture without being equal, where such pairs were looked for; groups hold them. */
  nearDuplicates: Schema.Array(Schema.Tuple([Schema.String, Schema.String])),
  /** Ids of images here and, of the set that this one was held against, ids of those that show nearly the same picture. */
  copies: Schema.Array(Schema.Tuple([Schema.String, Schema.String])),
  warnings: Schema.Array(Schema.String),
  manifest: Schema.NullOr(Manifest),
  melanomaRule: Schema.Array(LabelRule)
})
export type Dataset = typeof Dataset.Type

/** Images per class, and of what. */
export const countLabels = (rows: ReadonlyArray<{ readonly label: Label }>): { benign: number; melanoma: number } => {
  let melanoma = 0
  for (const row of rows) melanoma += row.label
  return { benign: rows.length - melanoma, melanoma }
}

/** Strings by code unit: the order of every sorted list of the project, the same on every machine and locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
