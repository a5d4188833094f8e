/** Everything measured of one arm against another on the same images. */
import type { Aligned, AlignedArm } from "./align.ts"
import { bcaInterval, type ClusterDesign, groupInfluence } from "./bootstrap.ts"
import type { Detectable, PairedResult, SeedPair } from "./comparison-types.ts"
import { ALPHA } from "./confidence.ts"
import { pairedDeLong } from "./delong.ts"
import { minimalDetectable } from "./detectable.ts"
import { type ArmAucs, differenceOf, headlineOf, type Resampling } from "./difference.ts"
import { twoOneSided } from "./equivalence.ts"
import { clamp, mean } from "./numeric.ts"
import { signFlip } from "./permutation.ts"
import { mcnemar } from "./proportion.ts"
import { subgroupDifferences } from "./subgroups.ts"

/** One side of a pair: its predictions, and its AUCs on the common draws. */
export interface Side {
  readonly arm: AlignedArm
  readonly aucs: ArmAucs
}

const seedPairs = (
  { label }: Aligned,
  arm: AlignedArm,
  reference: AlignedArm,
  difference: ArmAucs,
  design: ClusterDesign,
  level: number
): ReadonlyArray<SeedPair> => {
  const right = (of: AlignedArm, at: number): ReadonlyArray<boolean> =>
    label.map((value, row) => of.logits[at]![row]! >= of.thresholds[at]! === (value === 1))
  return arm.seeds.map((seed, at) => {
    const [a, b] = [arm.logits[at]!, reference.logits[at]!]
    return {
      seed,
      delong: pairedDeLong(label, a, b, level)!,
      mcnemar: mcnemar(right(arm, at), right(reference, at)),
      bootstrap: bcaInterval(difference.estimates[at]!, difference.replicates[at]!, groupInfluence(design, a, b), level)
    }
  })
}

/** What this test set could show: from the reference's mean AUC and the arms' correlation, both as they were found. */
const detectable = ({ label }: Aligned, reference: ArmAucs, pairs: ReadonlyArray<SeedPair>): Detectable | null => {
  const correlations = pairs.flatMap(({ delong }) => (delong.correlation === null ? [] : [delong.correlation]))
  const effects = pairs.flatMap(({ delong, bootstrap }) =>
    delong.se !== null && delong.se > 0 && bootstrap !== null ? [(bootstrap.se / delong.se) ** 2] : []
  )
  if (correlations.length === 0) return null
  const positives = label.filter((value) => value === 1).length
  return minimalDetectable({
    auc: mean(reference.estimates),
    positives,
    negatives: label.length - positives,
    correlation: mean(correlations),
    designEffect: effects.length === 0 ? 1 : Math.max(1, mean(effects)),
    alpha: ALPHA
  })
}

/** An interval cut to where a difference of two AUCs can lie; its tests rest on the standard error and do not change. */
const withinRange = <A extends { readonly low: number; readonly high: number }>(of: A): A => ({
  ...of,
  low: clamp(of.low, -1, 1),
  high: clamp(of.high, -1, 1)
})

/** All of one pair; its p values are not yet adjusted for the other pairs (`holm` is p). */
export const pairedResult = (
  aligned: Aligned,
  design: ClusterDesign,
  one: Side,
  other: Side,
  margin: number,
  how: Resampling
): PairedResult => {
  const difference = differenceOf(one.aucs, other.aucs)
  const headline = withinRange(headlineOf(design, difference, how))
  const identical = one.arm.logits.every((scores, at) => scores.every((z, row) => z === other.arm.logits[at]![row]))
  const seeds = seedPairs(aligned, one.arm, other.arm, difference, design, how.level)
  return {
    arm: one.arm.arm.arm,
    reference: other.arm.arm.arm,
    seeds,
    headline,
    permutation: signFlip(difference.estimates, how.key),
    equivalence: withinRange(twoOneSided(headline, margin, { alpha: ALPHA, identical })),
    holm: headline.p,
    probabilityBetter: mean(difference.estimates.map((delta) => (Math.sign(delta) + 1) / 2)),
    detectable: detectable(aligned, other.aucs, seeds),
    subgroups: subgroupDifferences(aligned, one.arm, other.arm, how)
  }
}
