/**
 * The headline interval: a mean over training seeds of a statistic on one common test set, with the variation of both.
 *
 * With seeds and patients crossed, the estimate of seed s is θ + a_s + e + f_s (a: the training run; e: the patients, the
 * same for all seeds; f: what is left). Drawing seeds and patients together counts f twice (the "pigeonhole" bootstrap:
 * Owen 2007, Annals of Applied Statistics 1:386), so the variance is put together from its parts instead:
 * V = s²/k + Var(e), with s² the variance of the k estimates between seeds (a and f), and, from the replicates,
 * M = Var of the mean over seeds (e and f/k) and v = mean Var of one seed (e and f): Var(f) = (v − M) k/(k − 1) and
 * Var(e) = M − Var(f)/k. The interval is Student's with Satterthwaite's degrees of freedom (1946) from k − 1 of the seeds
 * and (groups of the scarcer class − 1) of the patients. For them, not for V, s² is taken at its upper quartile
 * ν s²/χ²_{ν, 1/4}, and as Var(f) at least: runs that agree by luck must not pass for many degrees of freedom. Coverage by
 * simulation: test/slow/intervals.test.ts.
 */
import { generator } from "../random/generator.ts"
import { percentileInterval, replicateVariances } from "./bootstrap.ts"
import type { Headline } from "./comparison-types.ts"
import { normalQuantile } from "./normal.ts"
import { mean, variance } from "./numeric.ts"
import { studentQuantile, studentTwoSided } from "./student.ts"

/**
 * Draws of both levels: the patients of replicate b, and k − 1 of the k seeds with replacement, which makes the variance
 * between seeds unbiased (Rao & Wu 1988, JASA 83:231). With one seed, the replicates themselves.
 */
const twoLevelDraws = (replicates: ReadonlyArray<Float64Array>, key: ReadonlyArray<string | number>): Float64Array => {
  const seeds = replicates.length
  if (seeds === 1) return replicates[0]!
  const random = generator("seed bootstrap", ...key)
  return replicates[0]!.map((_, draw) =>
    mean(Array.from({ length: seeds - 1 }, () => replicates[random.integer(seeds)]![draw]!))
  )
}

/** The lower quartile of χ²_ν / ν (Wilson & Hilferty 1931). */
const lowerQuartile = (freedom: number): number =>
  (1 - 2 / (9 * freedom) + normalQuantile(0.25) * Math.sqrt(2 / (9 * freedom))) ** 3

/**
 * `estimates`: the statistic of each of k ≥ 1 seeds; `replicates`: its values on the same bootstrap draws of patients, an
 * array a seed; `scarcest`: groups of the scarcer class, at least 2. The p is that of a true value of 0.
 */
export const hierarchicalInterval = (input: {
  readonly estimates: ReadonlyArray<number>
  readonly replicates: ReadonlyArray<Float64Array>
  readonly groups: number
  readonly scarcest: number
  readonly level: number
  readonly key: ReadonlyArray<string | number>
}): Headline => {
  const { estimates, replicates, level } = input
  const k = estimates.length
  const delta = mean(estimates)
  const { ofMean, meanOf } = replicateVariances(replicates)
  const residual = k === 1 ? 0 : Math.max(0, ((meanOf - ofMean) * k) / (k - 1))
  const between = k === 1 ? 0 : variance(estimates) / k
  const common = Math.max(0, ofMean - residual / k)
  // Estimates that happen to be equal (but for rounding), of patients with no common effect, are not without error.
  const total = between + common > 1e-9 * ofMean ? between + common : ofMean
  const se = Math.sqrt(total)
  const groupFreedom = Math.max(1, input.scarcest - 1)
  const expected = Math.max(k === 1 ? 0 : between / lowerQuartile(k - 1), residual / k)
  const parts = expected ** 2 / Math.max(1, k - 1) + common ** 2 / groupFreedom
  const degreesOfFreedom = parts === 0 ? groupFreedom : (expected + common) ** 2 / parts
  const reach = studentQuantile((1 + level) / 2, degreesOfFreedom) * se
  return {
    method: k === 1 ? "cluster" : "hierarchical",
    delta,
    low: delta - reach,
    high: delta + reach,
    level,
    se,
    degreesOfFreedom,
    seedShare: total === 0 ? 0 : between / total,
    p: se === 0 ? null : studentTwoSided(delta / se, degreesOfFreedom),
    percentile: percentileInterval(twoLevelDraws(replicates, input.key), level),
    seeds: k,
    groups: input.groups,
    replicates: replicates[0]!.length
  }
}
