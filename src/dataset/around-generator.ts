/** A split drawn around a generator that was trained before: what it saw stands in train, the rest is evaluated on. */
import * as Effect from "effect/Effect"
import { classNames, type Dataset, type Label, type Row, type SplitName } from "./dataset.ts"
import { namesSeen, rowFinder } from "./provenance.ts"
import { auditedSplit, checkFractions, type Split, type SplitOptions, sharesOf } from "./split.ts"
import { SplitError } from "./split-error.ts"
import { placeGroups } from "./strata.ts"

const unknown = (fault: string, mend: string) =>
  new SplitError({ reason: "generator-unknown", rows: [], place: "split.by = generator", fault, mend })

/** The groups of the real rows that the generator saw. Fails where nothing says which, or none of them is in the set. */
const groupsSeen = (real: Dataset, synthetic: Dataset | null): Effect.Effect<ReadonlySet<string>, SplitError> => {
  const names = synthetic === null ? [] : namesSeen(synthetic, synthetic.rows)
  const find = rowFinder(real.rows)
  const groups = new Set(names.flatMap((name) => find(name)?.group ?? []))
  if (groups.size > 0) return Effect.succeed(groups)
  return Effect.fail(
    names.length === 0
      ? unknown(
          "nothing says what the generator was trained on",
          'List the images as "trainedOn" in generator.json beside the synthetic ones, or set split.by to group.'
        )
      : unknown(
          `none of the ${names.length} images that the generator was trained on is in the data set`,
          "Name them by path or file name as they stand in data.real, or set split.by to group."
        )
  )
}

/** "with a melanoma 2 of 9 groups": what is left to draw validation and test from. */
const left = (rows: ReadonlyArray<Row>, seen: ReadonlySet<string>, label: Label): string => {
  const groups = new Set(rows.flatMap((row) => (row.label === label ? [row.group] : [])))
  const free = [...groups].filter((group) => !seen.has(group)).length
  return `${free} of ${groups.size} groups with a ${classNames[label]} image`
}

/**
 * Every group with an image that the generator saw in train; test and validation from the rest, stratified and whole
 * groups only, in shares as near to the wanted ones as can be. Fails with `SplitError` as `splitDataset` does, where
 * nothing says what the generator saw, and where it left too few groups of a class.
 */
export const splitAroundGenerator = Effect.fnUntraced(function* (
  real: Dataset,
  synthetic: Dataset | null,
  { fractions, seed, allow }: Pick<SplitOptions, "fractions" | "seed" | "allow">
): Effect.fn.Return<Split, SplitError> {
  yield* checkFractions(fractions)
  const groups = yield* groupsSeen(real, synthetic)
  const names = placeGroups<SplitName>(real.rows, sharesOf(fractions), "split", seed, { part: "train", groups })
  return yield* auditedSplit(real, names, { by: "generator", seed, allow }).pipe(
    Effect.mapError((error) => {
      if (error.reason !== "class-missing") return error
      const rest = ([1, 0] as const).map((label) => left(real.rows, groups, label)).join(" and ")
      const { reason, rows, place } = error
      return new SplitError({
        reason,
        rows,
        place,
        fault: `${error.fault}. The generator did not see ${rest}`,
        mend: "Train the generator on fewer images, add real ones that it has not seen, or give other fractions."
      })
    })
  )
})
