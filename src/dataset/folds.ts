/** k-fold cross-validation: stratified by class, whole groups only. */
import * as Effect from "effect/Effect"
import type { Dataset, SplitName } from "./dataset.ts"
import { auditedSplit, type Split, type SplitOptions } from "./split.ts"
import { SplitError } from "./split-error.ts"
import { placeGroups } from "./strata.ts"

/**
 * `folds` splits: every image is in test once, in validation once (the next fold's test images) and in train otherwise.
 * Fails with `SplitError` as `splitDataset` does, and with fewer than 3 folds.
 */
export const foldDataset = Effect.fnUntraced(function* (
  dataset: Dataset,
  { seed, folds, allow = [] }: { seed: number; folds: number; allow?: SplitOptions["allow"] }
): Effect.fn.Return<ReadonlyArray<Split>, SplitError> {
  if (!Number.isInteger(folds) || folds < 3) {
    return yield* new SplitError({
      reason: "fractions",
      rows: [],
      place: "split.folds",
      fault: `${folds} folds leave no part for train, validation and test`,
      mend: "Give a whole number from 3 on, such as 5."
    })
  }
  const shares = Array.from({ length: folds }, (_, fold) => [fold, 1 / folds] as const)
  const foldOf = placeGroups(dataset.rows, shares, "folds", seed)
  return yield* Effect.forEach(
    shares.map(([fold]) => fold),
    (test) => {
      const part = (fold: number): SplitName =>
        fold === test ? "test" : fold === (test + 1) % folds ? "validation" : "train"
      const names = new Map([...foldOf].map(([id, fold]) => [id, part(fold)]))
      return auditedSplit(dataset, names, { by: "folds", seed, allow })
    }
  )
})
