/** The test images that were called wrong with most confidence. */
import { compareText } from "../../src/dataset/dataset.ts"
import { sigmoid } from "../../src/statistics/numeric.ts"
import type { Label, Predictions } from "../../src/statistics/types.ts"

const most = 12

interface Run {
  readonly name: string
  readonly arm: string
  readonly seed: number
  /** A logit. */
  readonly threshold: number
  readonly predictions: Predictions
}

export interface Wrong {
  readonly id: string
  /** Of the run. */
  readonly name: string
  readonly arm: string
  readonly seed: number
  readonly label: Label
  readonly probability: number
  /** The probability from which the run calls melanoma. */
  readonly threshold: number
}

/** Each image once, by the run that has it most wrong: distance of the logit from that run's own threshold. */
export const worst = (runs: ReadonlyArray<Run>): ReadonlyArray<Wrong> => {
  const found = runs.flatMap(({ name, arm, seed, threshold, predictions: { id, label, logit } }) =>
    id.flatMap((image, at) => {
      const excess = logit[at]! - threshold
      if (excess >= 0 === (label[at] === 1)) return []
      const probabilities = { probability: sigmoid(logit[at]!), threshold: sigmoid(threshold) }
      const wrong: Wrong = { id: image, name, arm, seed, label: label[at]!, ...probabilities }
      return [{ wrong, by: Math.abs(excess) }]
    })
  )
  const seen = new Set<string>()
  return found
    .sort((a, b) => b.by - a.by || compareText(a.wrong.id, b.wrong.id))
    .map(({ wrong }) => wrong)
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .slice(0, most)
}
