/** Which way a data set is split: as it declares itself, drawn by group, or one fold of several. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Dataset } from "./dataset.ts"
import { foldSplit } from "./folds.ts"
import { type Split, SplitOptions, splitDataset } from "./split.ts"
import type { SplitError } from "./split-error.ts"

/** `declared`: the data's own split where every image has one, else drawn by group. */
export const SplitChoice = Schema.Struct({
  ...SplitOptions.fields,
  by: Schema.Literals(["declared", "group", "column", "folds"]),
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

/** Fails with `SplitError` as `splitDataset` and `foldSplit` do. */
export const chosenSplit = (dataset: Dataset, choice: SplitChoice): Effect.Effect<Split, SplitError> => {
  const by = chosenWay(dataset, choice.by)
  return by === "folds" ? foldSplit(dataset, choice) : splitDataset(dataset, { ...choice, by })
}
