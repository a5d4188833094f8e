/**
 * Where synthetic images come from: a generator that saw images outside train leaks them into training, and so does an
 * image among the synthetic ones that shows one outside train.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { BalanceError } from "./balance-error.ts"
import { copiesAmong } from "./copies.ts"
import type { Dataset, Row } from "./dataset.ts"
import { allowedByName, listed } from "./fault.ts"
import { fileName, stemOf } from "./paths.ts"

/** The rules that a configuration can switch off by name. */
export const ProvenanceOverride = Schema.Literals(["generator-trained-outside-train", "synthetic-copies-evaluation"])
export type ProvenanceOverride = typeof ProvenanceOverride.Type

export const Provenance = Schema.Struct({
  /**
   * "none": no synthetic image. "verified": every image that the manifest names is in train. "partial": the others are
   * not in this data set. "unknown": no manifest, or one that names no images. "overridden": a rule was switched off.
   */
  status: Schema.Literals(["none", "verified", "partial", "unknown", "overridden"]),
  /** Images that the manifest (or a column source_image) names, and how many of them are not in the real data set. */
  trainedOn: Schema.Int,
  unknown: Schema.Int,
  /** Synthetic images that show an image of train, as `Copies.ofTrain` has them. */
  copiesOfTrain: Schema.Array(Schema.String),
  overrides: Schema.Array(Schema.Struct({ rule: ProvenanceOverride, rows: Schema.Array(Schema.String) }))
})
export type Provenance = typeof Provenance.Type

/** The real image that a synthetic one was made from, where the set's table names it (image-to-image generators). */
const sourceOf = ({ metadata }: Row): ReadonlyArray<string> => {
  const source = metadata.source_image ?? metadata.source
  return typeof source === "string" ? [source] : []
}

/** The images that a generator saw, as its manifest and the columns `source_image` of these rows name them. */
export const namesSeen = ({ manifest }: Pick<Dataset, "manifest">, rows: ReadonlyArray<Row>): ReadonlyArray<string> => [
  ...(manifest?.trainedOn ?? []),
  ...rows.flatMap(sourceOf)
]

/** The row that a manifest means: by id, else by file name, else by name without extension where only one has it. */
export const rowFinder = (rows: ReadonlyArray<Row>) => {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const byName = new Map<string, Row | null>()
  for (const row of rows) {
    for (const name of new Set([fileName(row.id), stemOf(row.id)])) byName.set(name, byName.has(name) ? null : row)
  }
  return (name: string): Row | undefined =>
    byId.get(name) ?? byName.get(fileName(name)) ?? byName.get(stemOf(name)) ?? undefined
}

/** Checks the synthetic rows that join training, and the manifest of their set, against the real split. */
export const checkProvenance = Effect.fnUntraced(function* (
  synthetic: Dataset,
  added: ReadonlyArray<Row>,
  real: Dataset,
  inTrain: ReadonlySet<string>,
  allow: ReadonlyArray<ProvenanceOverride>
): Effect.fn.Return<Provenance, BalanceError> {
  const notSynthetic = synthetic.rows.filter(({ origin }) => origin !== "synthetic").map(({ id }) => id)
  if (notSynthetic.length > 0) {
    return yield* new BalanceError({
      reason: "not-synthetic",
      rows: notSynthetic,
      place: "the synthetic set",
      fault: `${notSynthetic.length} of its images are marked as real`,
      mend: "Ingest that folder with origin synthetic."
    })
  }
  const overrides: Array<{ rule: ProvenanceOverride; rows: ReadonlyArray<string> }> = []
  const check = (rule: ProvenanceOverride, rows: ReadonlyArray<string>, what: string, mend: string) => {
    if (rows.length === 0) return Effect.void
    if (allow.includes(rule)) {
      overrides.push({ rule, rows })
      return Effect.void
    }
    return Effect.fail(
      new BalanceError({
        reason: rule,
        rows,
        place: "the synthetic set",
        fault: `${rows.length} ${what}: ${listed(rows)}`,
        mend: `${mend}, or ${allowedByName("balance.allow", [rule])}.`
      })
    )
  }
  const copies = copiesAmong(synthetic, added, real, inTrain)
  yield* check(
    "synthetic-copies-evaluation",
    copies.ofEvaluation,
    "synthetic images show a real image outside train (=: the same picture, ~: nearly)",
    "Remove those files from data.synthetic, or, where the real ones are the copies, those from data.real"
  )

  const named = namesSeen(synthetic, added)
  const find = rowFinder(real.rows)
  const seen = named.map(find)
  const leaked = seen.flatMap((row) => (row !== undefined && !inTrain.has(row.id) ? [row.id] : []))
  yield* check(
    "generator-trained-outside-train",
    leaked,
    "images outside train were shown to the generator",
    "Draw the split around what it saw: --set split.by=generator; or train the generator on train only, or put those images in train: train/, val/ and test/ folders, or a split column"
  )

  const unknown = seen.filter((row) => row === undefined).length
  const status =
    overrides.length > 0 ? "overridden" : named.length === 0 ? "unknown" : unknown > 0 ? "partial" : "verified"
  return { status, trainedOn: named.length, unknown, copiesOfTrain: copies.ofTrain, overrides }
})
