/** Whether a classifier can tell real from synthetic: where it can, a network can learn that in place of the disease. */
import { generator } from "../../random/generator.ts"
import { auc } from "../delong.ts"
import type { Auc, Label } from "../types.ts"
import { type Features, takeRows } from "./features.ts"
import { decision, fitLogistic, standardisation, standardise } from "./logistic.ts"

/** Deals the groups of one side to folds at random, in turn, so that the folds are even. */
const deal = (
  groups: ReadonlyArray<string>,
  folds: number,
  key: ReadonlyArray<string | number>
): ReadonlyArray<number> => {
  const names = generator("two-sample folds", ...key).shuffle([...new Set(groups)].sort())
  const fold = new Map(names.map((name, at) => [name, at % folds]))
  return groups.map((name) => fold.get(name)!)
}

export interface TwoSampleInput {
  readonly real: Features
  readonly synthetic: Features
  /** Patients of the real rows: one patient's rows stay in one fold. */
  readonly realGroups?: ReadonlyArray<string>
  readonly folds?: number
  readonly key: ReadonlyArray<string | number>
}

/**
 * The classifier two-sample test (Lopez-Paz & Oquab 2017): cross-validated ridge logistic regression on standardised
 * features, and the AUC of synthetic (1) against real (0) over the rows left out, with DeLong's interval. 0.5: cannot be
 * told apart; near 1: a shortcut. `null` with fewer than two groups a fold on a side.
 */
export const realVersusFake = (input: TwoSampleInput): Auc | null => {
  const { real, synthetic, folds = 5, key } = input
  const groups = input.realGroups ?? Array.from({ length: real.rows }, (_, row) => String(row))
  const each = Array.from({ length: synthetic.rows }, (_, row) => String(row))
  if (new Set(groups).size < 2 * folds || synthetic.rows < 2 * folds) return null
  const foldOf = [...deal(groups, folds, [...key, "real"]), ...deal(each, folds, [...key, "synthetic"])]
  const labels = foldOf.map((_, row): Label => (row < real.rows ? 0 : 1))
  const data = new Float32Array(real.data.length + synthetic.data.length)
  data.set(real.data)
  data.set(synthetic.data, real.data.length)
  const all: Features = { rows: foldOf.length, columns: real.columns, data }

  const scores = new Float64Array(all.rows)
  for (let fold = 0; fold < folds; fold++) {
    const inside = foldOf.flatMap((of, row) => (of === fold ? [] : [row]))
    const outside = foldOf.flatMap((of, row) => (of === fold ? [row] : []))
    const training = takeRows(all, inside)
    const moments = standardisation(training)
    const model = fitLogistic(
      standardise(training, moments),
      inside.map((row) => labels[row]!)
    )
    decision(standardise(takeRows(all, outside), moments), model).forEach((score, at) => {
      scores[outside[at]!] = score
    })
  }
  return auc(labels, scores)
}
