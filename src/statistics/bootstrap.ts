/**
 * The paired bootstrap over groups (patients): whole groups are drawn with replacement, so the images of one patient stay
 * together, and every model is measured on the same draws. Groups are drawn within two strata, those with a positive and
 * those without, so that the classes keep their sizes (Davison & Hinkley 1997, 3.2; Rutter 2000, Academic Radiology 7:413).
 */
import { generator } from "../random/generator.ts"
import type { BootstrapInterval } from "./comparison-types.ts"
import { placements } from "./delong.ts"
import { normalCdf, normalQuantile } from "./normal.ts"
import { mean, quantile, sum, variance } from "./numeric.ts"
import { ascending } from "./ranks.ts"
import type { Label } from "./types.ts"

/** The groups of n rows, as indices in order of their names: results do not depend on the order of the rows. */
export interface ClusterDesign {
  readonly labels: ReadonlyArray<Label>
  readonly groupOf: Uint32Array
  readonly groups: number
  /** Group indices with, and without, a positive row; one may be empty. */
  readonly strata: readonly [Uint32Array, Uint32Array]
  /** The smaller number of groups that hold a class: what limits the degrees of freedom. */
  readonly scarcest: number
}

export const clusterDesign = (labels: ReadonlyArray<Label>, group: ReadonlyArray<string>): ClusterDesign => {
  const names = [...new Set(group)].sort()
  const index = new Map(names.map((name, at) => [name, at]))
  const groupOf = Uint32Array.from(group, (name) => index.get(name)!)
  const positive = new Set(groupOf.filter((_, row) => labels[row] === 1))
  const negative = new Set(groupOf.filter((_, row) => labels[row] === 0))
  const every = Uint32Array.from(names, (_, at) => at)
  return {
    labels,
    groupOf,
    groups: names.length,
    strata: [every.filter((at) => positive.has(at)), every.filter((at) => !positive.has(at))],
    scarcest: Math.min(positive.size, negative.size)
  }
}

/** Rows in ascending order of score, ready to be weighted: signed group numbers and where each run of ties ends. */
interface Sorted {
  readonly group: Uint32Array
  readonly positive: Uint8Array
  readonly lastOfTie: Uint8Array
}

const sortScores = (design: ClusterDesign, scores: ArrayLike<number>): Sorted => {
  const order = ascending(scores)
  return {
    group: order.map((row) => design.groupOf[row]!),
    positive: Uint8Array.from(order, (row) => design.labels[row]!),
    lastOfTie: Uint8Array.from(order, (row, at) => (scores[row] === scores[order[at + 1] ?? -1] ? 0 : 1))
  }
}

/** The AUC where every row counts as often as its group was drawn; NaN where a class was not drawn at all. */
const weightedAuc = (sorted: Sorted, weights: Uint32Array): number => {
  const { group, positive, lastOfTie } = sorted
  let area = 0
  let positives = 0
  let negativesBelow = 0
  let tiedPositives = 0
  let tiedNegatives = 0
  for (let at = 0; at < group.length; at++) {
    const weight = weights[group[at]!]!
    if (positive[at] === 1) tiedPositives += weight
    else tiedNegatives += weight
    if (lastOfTie[at] === 0) continue
    area += tiedPositives * (negativesBelow + tiedNegatives / 2)
    positives += tiedPositives
    negativesBelow += tiedNegatives
    tiedPositives = 0
    tiedNegatives = 0
  }
  return area / (positives * negativesBelow)
}

/**
 * AUCs of `columns` (one array of n scores a model) on the same `count` draws of groups: one array of replicates a model.
 * Draws that hold a single class are dropped. Draw b depends on `key` and b only.
 */
export const bootstrapAucs = (
  design: ClusterDesign,
  columns: ReadonlyArray<ArrayLike<number>>,
  count: number,
  key: ReadonlyArray<string | number>
): ReadonlyArray<Float64Array> => {
  const sorted = columns.map((scores) => sortScores(design, scores))
  const replicates = columns.map(() => new Float64Array(count))
  const weights = new Uint32Array(design.groups)
  let kept = 0
  for (let draw = 0; draw < count; draw++) {
    const random = generator("group bootstrap", ...key, draw)
    weights.fill(0)
    for (const stratum of design.strata) {
      for (let at = 0; at < stratum.length; at++) weights[stratum[random.integer(stratum.length)]!]!++
    }
    const values = sorted.map((scores) => weightedAuc(scores, weights))
    if (values.some(Number.isNaN)) continue
    values.forEach((value, column) => {
      replicates[column]![kept] = value
    })
    kept++
  }
  return replicates.map((values) => values.subarray(0, kept))
}

/** The influence of every group on AUC(arm) − AUC(reference): its rows' shares of DeLong's structural components. */
export const groupInfluence = (
  design: ClusterDesign,
  arm: ArrayLike<number>,
  reference: ArrayLike<number>
): Float64Array => {
  const [a, b] = [placements(design.labels, arm), placements(design.labels, reference)]
  const delta = a.auc - b.auc
  const influence = new Float64Array(design.groups)
  let [i, j] = [0, 0]
  design.labels.forEach((label, row) => {
    const of = label === 1 ? "positives" : "negatives"
    const at = label === 1 ? i++ : j++
    influence[design.groupOf[row]!]! += (a[of][at]! - b[of][at]! - delta) / a[of].length
  })
  return influence
}

/** Percentile interval of the replicates (at least one). */
export const percentileInterval = (replicates: Float64Array, level: number): { low: number; high: number } => {
  const sorted = replicates.slice().sort()
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) }
}

/**
 * The bias-corrected and accelerated interval (Efron 1987, JASA 82:171), with the acceleration Σ U³ / (6 (Σ U²)^1.5) from
 * the groups' influences U. Falls back to the percentile interval where all replicates are on one side of the estimate.
 */
export const bcaInterval = (
  estimate: number,
  replicates: Float64Array,
  influence: Float64Array,
  level = 0.95
): BootstrapInterval => {
  const below = replicates.filter((value) => value < estimate).length
  const equal = replicates.filter((value) => value === estimate).length
  const bias = normalQuantile((below + equal / 2) / replicates.length)
  const squares = sum(influence.map((u) => u * u))
  const acceleration = squares === 0 ? 0 : sum(influence.map((u) => u ** 3)) / (6 * squares ** 1.5)
  const shared = {
    value: estimate,
    se: replicates.length < 2 ? 0 : Math.sqrt(variance(replicates)),
    replicates: replicates.length,
    groups: influence.length
  }
  if (!Number.isFinite(bias)) return { method: "percentile", ...percentileInterval(replicates, level), ...shared }
  const adjusted = (p: number): number => {
    const z = bias + normalQuantile(p)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  const sorted = replicates.slice().sort()
  return {
    method: "bca",
    ...shared,
    low: quantile(sorted, adjusted((1 - level) / 2)),
    high: quantile(sorted, adjusted((1 + level) / 2))
  }
}

/** The covariance-free parts that the two-level interval needs: variance of the mean column, and mean column variance. */
export const replicateVariances = (
  columns: ReadonlyArray<Float64Array>
): { readonly ofMean: number; readonly meanOf: number } => {
  const averages = columns[0]!.map((_, draw) => mean(columns.map((column) => column[draw]!)))
  return { ofMean: variance(averages), meanOf: mean(columns.map(variance)) }
}
