/** Which way a data set is split: as it declares itself, drawn by group, one fold of several, or around a generator. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { splitAroundGenerator } from "./around-generator.ts"
import type { Dataset } from "./dataset.ts"
import { foldSplit } from "./folds.ts"
import { type Split, SplitOptions, splitDataset } from "./split.ts"
import type { SplitError } from "./split-error.ts"

/**
 * `declared`: the data's own split where every image has one, else drawn by group. `generator`: drawn by group, with what
 * the generator of the synthetic images saw in train.
 */
export const SplitChoice = Schema.Struct({
  ...SplitOptions.fields,
  by: Schema.Literals(["declared", "group", "column", "folds", "generator"]),
  /** Under "folds": how many, and which of them (from 1) is the test. */
  folds: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(5))),
  fold: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1)))
})
export type SplitChoice = typeof SplitChoice.Type

/** What the choice comes to for this data set. */
export const chosenWay = ({ rows }: Dataset, by: SplitChoice["by"]): Split["by"] => {
  if (by !== "declared") return by
  return rows.every((row) => row.split !== undefined) ? "column" : "group"
}

/** Fails with `SplitError` as `splitDataset`, `foldSplit` and `splitAroundGenerator` do. `synthetic` is for the last. */
export const chosenSplit = (
  dataset: Dataset,
  choice: SplitChoice,
  synthetic: Dataset | null = null
): Effect.Effect<Split, SplitError> => {
  const by = chosenWay(dataset, choice.by)
  switch (by) {
    case "folds":
      return foldSplit(dataset, choice)
    case "generator":
      return splitAroundGenerator(dataset, synthetic, choice)
    default:
      return splitDataset(dataset, { ...choice, by })
  }
}
