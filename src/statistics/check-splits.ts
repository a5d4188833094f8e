/** What can be refused before anything is trained: the splits and the generator's own training images. */
import * as Effect from "effect/Effect"
import { InvalidComparison, type Rule, type Violation } from "./invalid-comparison.ts"
import type { Origin } from "./types.ts"

/** One image of the data set: its id (digest), its group, and the split that it was given. */
export interface SplitRow {
  readonly id: string
  readonly group: string
  readonly origin: Origin
  readonly split: "train" | "validation" | "test"
}

export interface GeneratorManifest {
  /** The images that the generator was trained on, by id; `null` where no manifest says so. */
  readonly trainedOn: ReadonlyArray<string> | null
  /** How many more the manifest names that are not in this data set (0). */
  readonly missing?: number
  /** Images outside train that the generator saw, by id, and copies of such images: let through by name. */
  readonly letThrough?: { readonly leaked: ReadonlyArray<string>; readonly copies: number }
}

/** A rule with the rows that break it, or nothing. */
export const violation = (rule: Rule, rows: Iterable<string>): ReadonlyArray<Violation> => {
  const [first, ...others] = rows
  return first === undefined ? [] : [{ rule, rows: [first, ...others] }]
}

/** Fails with every violation there is; without any, succeeds with the value. */
export const refuse = <A>(
  violations: ReadonlyArray<Violation>,
  value: () => A
): Effect.Effect<A, InvalidComparison> => {
  const [first, ...others] = violations
  return first === undefined
    ? Effect.sync(value)
    : Effect.fail(new InvalidComparison({ violations: [first, ...others] }))
}

/** The keys found in more than one split, each with the splits. */
const inSeveralSplits = (rows: ReadonlyArray<SplitRow>, key: (row: SplitRow) => string): ReadonlyArray<string> => {
  const splits = new Map<string, Set<string>>()
  for (const row of rows) {
    const seen = splits.get(key(row))
    if (seen === undefined) splits.set(key(row), new Set([row.split]))
    else seen.add(row.split)
  }
  return [...splits].flatMap(([name, seen]) => (seen.size > 1 ? [`${name} in ${[...seen].sort().join(" and ")}`] : []))
}

/** "p7 in test and train", a line a group. */
export const groupsInSeveralSplits = (rows: ReadonlyArray<SplitRow>): ReadonlyArray<string> =>
  inSeveralSplits(rows, (row) => row.group)

/** All violations of one split table and, where given, of the generator's manifest. */
export const splitViolations = (
  rows: ReadonlyArray<SplitRow>,
  generator?: GeneratorManifest
): ReadonlyArray<Violation> => {
  const splitOf = new Map(rows.map((row) => [row.id, row.split]))
  const allowed = new Set(generator?.letThrough?.leaked)
  const outside = (generator?.trainedOn ?? []).flatMap((id) => {
    const split = splitOf.get(id)
    return split === "train" || allowed.has(id)
      ? []
      : [`${id} (${split === undefined ? "not in this data set" : `in ${split}`})`]
  })
  return [
    ...violation(
      "synthetic-in-evaluation",
      rows.filter((row) => row.origin === "synthetic" && row.split !== "train").map((row) => `${row.id} (${row.split})`)
    ),
    ...violation("group-overlap", groupsInSeveralSplits(rows)),
    ...violation(
      "image-overlap",
      inSeveralSplits(rows, (row) => row.id)
    ),
    ...violation("generator-outside-train", outside)
  ]
}

/** Refuses, before any training, splits on which no comparison could be valid. */
export const checkSplits = (
  rows: ReadonlyArray<SplitRow>,
  generator?: GeneratorManifest
): Effect.Effect<void, InvalidComparison> => refuse(splitViolations(rows, generator), () => undefined)
