/**
 * Pointwise confidence bands of a ROC curve: at each false-positive rate the central 95 % of the sensitivities of curves
 * made from groups (patients) drawn with replacement, and, with several training runs, from runs drawn with replacement
 * too; each drawn curve is the vertical mean of its runs (Macskassy and Provost, ROCAI 2004: vertical averaging bands).
 * Pointwise: the whole curve lies inside with less than 95 %.
 */
import { generator } from "../random/generator.ts"
import { quantile } from "../statistics/numeric.ts"
import type { Predictions } from "../statistics/types.ts"
import { grid } from "./charts/curve.ts"

export interface BandPoint {
  readonly x: number
  readonly low: number
  readonly high: number
}

interface Sorted {
  /** By falling logit: whether positive, the index of the group, whether the next case has another logit. */
  readonly positive: Uint8Array
  readonly group: Int32Array
  readonly last: Uint8Array
}

const sorted = ({ group, label, logit }: Predictions, indexOf: ReadonlyMap<string, number>): Sorted => {
  const order = logit.map((_, row) => row).sort((a, b) => logit[b]! - logit[a]!)
  return {
    positive: Uint8Array.from(order, (row) => label[row]!),
    group: Int32Array.from(order, (row) => indexOf.get(group[row]!)!),
    last: Uint8Array.from(order, (row, at) => Number(at + 1 === order.length || logit[order[at + 1]!] !== logit[row]))
  }
}

/** Adds to `heights` the weighted curve's sensitivity at each x of the grid. False where a class has no weight. */
const addCurve = ({ group, last, positive }: Sorted, weights: Float64Array, heights: Float64Array): boolean => {
  let positives = 0
  let negatives = 0
  for (let at = 0; at < positive.length; at++) {
    if (positive[at] === 1) positives += weights[group[at]!]!
    else negatives += weights[group[at]!]!
  }
  if (positives === 0 || negatives === 0) return false
  const steps = heights.length - 1
  let [tp, fp, step] = [0, 0, 0]
  let [fromX, fromY] = [0, 0]
  for (let at = 0; at < positive.length; at++) {
    if (positive[at] === 1) tp += weights[group[at]!]!
    else fp += weights[group[at]!]!
    if (last[at] === 0) continue
    const [x, y] = [fp / negatives, tp / positives]
    // A grid point under x lies on the piece from the last vertex; one at x waits for the top of a vertical piece.
    while (step < steps && step / steps < x) {
      heights[step]! += fromY + ((y - fromY) * (step / steps - fromX)) / (x - fromX)
      step++
    }
    fromX = x
    fromY = y
  }
  for (; step <= steps; step++) heights[step]! += 1
  return true
}

/** The band of one arm: `runs` are its training runs on the same images. `key` names the draws. `null` for one class. */
export const rocBand = (
  runs: ReadonlyArray<Predictions>,
  key: ReadonlyArray<string | number>,
  { replicates = 400, steps = 100 }: { readonly replicates?: number; readonly steps?: number } = {}
): Array<BandPoint> | null => {
  // Groups by name: the band does not depend on the order of the rows.
  const names = [...new Set(runs.flatMap((run) => run.group))].sort()
  const indexOf = new Map(names.map((name, index) => [name, index]))
  const cases = runs.map((run) => sorted(run, indexOf))
  const drawn: Array<Float64Array> = []
  for (let replicate = 0; replicate < replicates; replicate++) {
    const random = generator("roc band", ...key, replicate)
    const weights = new Float64Array(names.length)
    for (let draw = 0; draw < names.length; draw++) weights[random.integer(names.length)]!++
    const heights = new Float64Array(steps + 1)
    const whole = cases.every(() => addCurve(cases[random.integer(cases.length)]!, weights, heights))
    if (whole) drawn.push(heights.map((height) => height / cases.length))
  }
  if (drawn.length === 0) return null
  return grid(steps).map((x, step) => {
    const column = Float64Array.from(drawn, (heights) => heights[step]!).sort()
    return { x, low: quantile(column, 0.025), high: quantile(column, 0.975) }
  })
}
