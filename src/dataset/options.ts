/** What a user can say about a data folder; every field has a default, so that `{}` decodes. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Label, Origin } from "./dataset.ts"

/** Column names of a table in no known layout (or against the layout's own names). */
export const Columns = Schema.Struct({
  image: Schema.optionalKey(Schema.String),
  label: Schema.optionalKey(Schema.String),
  /** The patient (or whatever must stay in one split). */
  group: Schema.optionalKey(Schema.String),
  lesion: Schema.optionalKey(Schema.String),
  split: Schema.optionalKey(Schema.String)
})
export type Columns = typeof Columns.Type

const text = (value: string) => Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))
const limit = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(Schema.withDecodingDefaultKey(Effect.succeed(0)))

export const IngestOptions = Schema.Struct({
  origin: Origin.pipe(Schema.withDecodingDefaultKey(Effect.succeed("real" as const))),
  /** A layout's name, or "auto". */
  layout: text("auto"),
  /** The table of labels, as a path inside the folder; "" to look for it. */
  table: text(""),
  /** The folder (inside the data folder) that holds the images, where the same names stand in several; "" for all. */
  images: text(""),
  columns: Columns.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** The values (or class folders) that count as melanoma, all others not; empty for the table in `diagnoses.ts`. */
  positive: Schema.Array(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  /** The label of every image, where neither folders nor file names say it. */
  declaredLabel: Schema.optionalKey(Label),
  /** So many images may be unreadable, and so many rows of a table may have no image, before that is an error. */
  unreadableLimit: limit,
  missingLimit: limit
})
export type IngestOptions = typeof IngestOptions.Type

/** The options with every default. */
export const defaultIngestOptions: IngestOptions = Schema.decodeSync(IngestOptions)({})
