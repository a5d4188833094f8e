/** k-fold cross-validation: stratified by class, whole groups only. */
import * as Effect from "effect/Effect"
import type { Dataset, SplitName } from "./dataset.ts"
import { auditedSplit, type Split, type SplitOptions } from "./split.ts"
import { SplitError } from "./split-error.ts"
import { placeGroups } from "./strata.ts"

export interface FoldOptions {
  readonly seed: number
  readonly folds: number
  /** The fold that is the test, from 1. */
  readonly fold: number
  readonly allow: SplitOptions["allow"]
}

const wrong = (place: string, fault: string, mend: string) =>
  new SplitError({ reason: "fractions", rows: [], place, fault, mend })

/**
 * One of `folds` splits: over all of them every image is in test once, in validation once (the next fold's test images)
 * and in train otherwise. Fails with `SplitError` as `splitDataset` does, and with fewer than 3 folds.
 */
export const foldSplit = Effect.fnUntraced(function* (
  dataset: Dataset,
  { seed, folds, fold, allow }: FoldOptions
): Effect.fn.Return<Split, SplitError> {
  if (!Number.isInteger(folds) || folds < 3) {
    const fault = `${folds} folds leave no part for train, validation and test`
    return yield* wrong("split.folds", fault, "Give a whole number from 3 on, such as 5.")
  }
  if (!Number.isInteger(fold) || fold < 1 || fold > folds) {
    return yield* wrong("split.fold", `there is no fold ${fold}`, `Give a whole number from 1 to ${folds}.`)
  }
  const shares = Array.from({ length: folds }, (_, index) => [index, 1 / folds] as const)
  const foldOf = placeGroups(dataset.rows, shares, "folds", seed)
  const test = fold - 1
  const part = (index: number): SplitName =>
    index === test ? "test" : index === (test + 1) % folds ? "validation" : "train"
  const names = new Map([...foldOf].map(([id, index]) => [id, part(index)]))
  return yield* auditedSplit(dataset, names, { by: "folds", seed, allow })
})

/** All `folds` splits, in order. */
export const foldDataset = (
  dataset: Dataset,
  { folds, allow = [], ...options }: { seed: number; folds: number; allow?: SplitOptions["allow"] }
): Effect.Effect<ReadonlyArray<Split>, SplitError> =>
  Effect.forEach(
    Array.from({ length: Math.max(1, folds) }, (_, index) => index + 1),
    (fold) => foldSplit(dataset, { ...options, folds, fold, allow })
  )
