/** Train, validation and test: stratified by class, whole groups only, drawn here or declared by the data. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Audit, AuditCounts, auditSplit } from "./audit.ts"
import { compareText, type Dataset, type Row, SplitName } from "./dataset.ts"
import { allowedByName, listed } from "./fault.ts"
import { conflictingPairs, exactDuplicates, type Pairs } from "./groups.ts"
import { SplitError } from "./split-error.ts"
import { placeGroups, type Shares } from "./strata.ts"

const fraction = (value: number) =>
  Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(value))
  )

/** The rules of the audit that a configuration can switch off by name; what they let through stays in the result. */
export const SplitOverride = Schema.Literals([
  "group-in-two-splits",
  "near-duplicate-in-two-splits",
  "equal-images-in-both-classes"
])
export type SplitOverride = typeof SplitOverride.Type

export const SplitOptions = Schema.Struct({
  seed: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  /** Of the images, summing to 1. */
  fractions: Schema.Struct({ train: fraction(0.7), validation: fraction(0.1), test: fraction(0.2) }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ),
  /** "group": drawn here; "column": the split that the folder declares. */
  by: Schema.Literals(["group", "column"]).pipe(Schema.withDecodingDefaultKey(Effect.succeed("group" as const))),
  allow: Schema.Array(SplitOverride).pipe(Schema.withDecodingDefaultKey(Effect.succeed([])))
})
export type SplitOptions = typeof SplitOptions.Type

/** The ids of each part, sorted. */
export const Split = Schema.Struct({
  by: Schema.Literals(["group", "column", "folds", "generator"]),
  seed: Schema.Int,
  train: Schema.Array(Schema.String),
  validation: Schema.Array(Schema.String),
  test: Schema.Array(Schema.String),
  counts: AuditCounts,
  /** What the audit found and a named override let through. */
  overrides: Schema.Array(Schema.Struct({ rule: SplitOverride, rows: Schema.Array(Schema.String) }))
})
export type Split = typeof Split.Type

const fail = (reason: SplitError["reason"], rows: ReadonlyArray<string>, place: string, fault: string, mend: string) =>
  new SplitError({ reason, rows, place, fault, mend })

/** Fails where the shares do not sum to 1, or leave nothing to train or to test on. */
export const checkFractions = ({
  train,
  validation,
  test
}: SplitOptions["fractions"]): Effect.Effect<void, SplitError> => {
  const sum = train + validation + test
  if (Math.abs(sum - 1) > 1e-9) {
    const what = `train, validation and test sum to ${Number(sum.toFixed(6))}`
    return Effect.fail(fail("fractions", [], "split.fractions", what, "Make them sum to 1, such as 0.7, 0.1, 0.2."))
  }
  if (train > 0 && test > 0) return Effect.void
  return Effect.fail(fail("fractions", [], "split.fractions", "train or test is 0", "Give both a share."))
}

/** Test first: a change of the validation share then leaves the test images alone. */
export const sharesOf = ({ train, validation, test }: SplitOptions["fractions"]): Shares<SplitName> => [
  ["test", test],
  ["validation", validation],
  ["train", train]
]

const byColumn = (rows: ReadonlyArray<Row>): Effect.Effect<Map<string, SplitName>, SplitError> => {
  const without = rows.filter(({ split }) => split === undefined).map(({ id }) => id)
  if (without.length === 0) return Effect.succeed(new Map(rows.map(({ id, split }) => [id, split!])))
  const what =
    without.length === rows.length
      ? "the data declare no split"
      : `${without.length} of ${rows.length} images have no declared split: ${listed(without)}`
  const mend = "Add a column split (train, val, test), or set split.by to group."
  return Effect.fail(fail("no-column", without, "split.by = column", what, mend))
}

const crossing = (audit: Audit, allow: SplitOptions["allow"]): SplitError | undefined => {
  const breaks = (rule: SplitOverride, found: Audit["groups"], what: string) => {
    if (found.length === 0 || allow.includes(rule)) return undefined
    const rows = found.flatMap(({ rows }) => rows.map(({ id }) => id))
    const shown = listed(
      found.map(
        ({ name, rows }) =>
          `${name} (${listed(
            rows.map(({ id, split }) => `${id} in ${split}`),
            4
          )})`
      ),
      3
    )
    const names = rule === "group-in-two-splits" ? [rule] : [rule, "group-in-two-splits"]
    const mend = `Correct the split, set split.by to group, or ${allowedByName("split.allow", names)}.`
    return fail(rule, rows, "the split", `${found.length} ${what} in two splits: ${shown}`, mend)
  }
  // Near duplicates share a group: they are named first, as the reason why it crosses.
  return (
    breaks("near-duplicate-in-two-splits", audit.nearDuplicates, "pairs of near duplicates stand") ??
    breaks("group-in-two-splits", audit.groups, "groups stand")
  )
}

/**
 * One picture with both labels: one of them is wrong. Near duplicates are not refused for that: they are found by a
 * threshold, and may be photographs of one lesion before and after it became a melanoma.
 */
const contradiction = (pairs: Pairs, allow: SplitOptions["allow"]): SplitError | undefined => {
  const rule = "equal-images-in-both-classes"
  if (pairs.length === 0 || allow.includes(rule)) return undefined
  const shown = listed(
    pairs.map(([a, b]) => `${a} = ${b}`),
    3
  )
  const fault = `${pairs.length} pairs of equal images have different labels: ${shown}`
  const mend = `Correct the labels, remove the images, or ${allowedByName("split.allow", [rule])}.`
  return fail(rule, [...new Set(pairs.flat())], "the data set", fault, mend)
}

const missingClass = (counts: typeof AuditCounts.Type): Effect.Effect<void, SplitError> => {
  for (const name of SplitName.literals) {
    const { images, melanoma } = counts[name]
    if (images === 0 && name === "validation") continue
    if (melanoma > 0 && melanoma < images) continue
    const what = `${name} has ${images} images, ${melanoma} of them melanoma: both classes are needed`
    const mend = "Give more groups of the rare class, or other fractions."
    return Effect.fail(fail("class-missing", [], "the split", what, mend))
  }
  return Effect.void
}

/** A split from its parts (id → part), after the audit. */
export const auditedSplit = Effect.fnUntraced(function* (
  { rows, nearDuplicates }: Pick<Dataset, "rows" | "nearDuplicates">,
  names: ReadonlyMap<string, SplitName>,
  { by, seed, allow }: { readonly by: Split["by"]; readonly seed: number; readonly allow: SplitOptions["allow"] }
): Effect.fn.Return<Split, SplitError> {
  const synthetic = rows.filter(({ id, origin }) => origin === "synthetic" && names.get(id) !== "train")
  if (synthetic.length > 0) {
    const ids = synthetic.map(({ id }) => id)
    const what = `${ids.length} synthetic images stand outside train: ${listed(ids)}`
    const mend = "Evaluate on real images only: give synthetic images as data.synthetic."
    return yield* fail("synthetic-outside-train", ids, "the split", what, mend)
  }
  const audit = auditSplit(rows, names, nearDuplicates)
  const contradictory = conflictingPairs(rows, exactDuplicates(rows))
  const wrong = crossing(audit, allow) ?? contradiction(contradictory, allow)
  if (wrong !== undefined) return yield* wrong
  yield* missingClass(audit.counts)
  const idsOf = (part: SplitName) => [...names].flatMap(([id, name]) => (name === part ? [id] : [])).sort(compareText)
  const idsIn = (found: Audit["groups"]) => found.flatMap((one) => one.rows.map(({ id }) => id))
  const found: ReadonlyArray<{ readonly rule: SplitOverride; readonly rows: ReadonlyArray<string> }> = [
    { rule: "group-in-two-splits", rows: idsIn(audit.groups) },
    { rule: "near-duplicate-in-two-splits", rows: idsIn(audit.nearDuplicates) },
    { rule: "equal-images-in-both-classes", rows: [...new Set(contradictory.flat())] }
  ]
  return {
    by,
    seed,
    train: idsOf("train"),
    validation: idsOf("validation"),
    test: idsOf("test"),
    counts: audit.counts,
    overrides: found.filter(({ rows }) => rows.length > 0)
  }
})

/**
 * Splits a data set. Fails with `SplitError` where the fractions are wrong, a class is missing from a part, the declared
 * split is incomplete, a group or a pair of near duplicates would stand in two parts, or equal images have both labels.
 */
export const splitDataset = Effect.fnUntraced(function* (
  dataset: Dataset,
  options: SplitOptions
): Effect.fn.Return<Split, SplitError> {
  if (options.by === "column") return yield* auditedSplit(dataset, yield* byColumn(dataset.rows), options)
  yield* checkFractions(options.fractions)
  const shares = sharesOf(options.fractions)
  return yield* auditedSplit(dataset, placeGroups(dataset.rows, shares, "split", options.seed), options)
})
