/** The difference of two arms over all seeds, on one set of rows. */
import type { AlignedArm } from "./align.ts"
import { bootstrapAucs, type ClusterDesign } from "./bootstrap.ts"
import type { Headline } from "./comparison-types.ts"
import { placements } from "./delong.ts"
import { hierarchicalInterval } from "./hierarchical.ts"

/** AUC of every seed of an arm: the estimates, and the values on the common bootstrap draws of groups. */
export interface ArmAucs {
  readonly estimates: ReadonlyArray<number>
  readonly replicates: ReadonlyArray<Float64Array>
}

export interface Resampling {
  readonly level: number
  readonly replicates: number
  /** Names the random draws: the same key gives the same draws. */
  readonly key: ReadonlyArray<string | number>
}

/** AUCs of all arms on the same draws, in the order of `arms`. */
export const armAucs = (
  design: ClusterDesign,
  arms: ReadonlyArray<AlignedArm>,
  { replicates, key }: Resampling
): ReadonlyArray<ArmAucs> => {
  const columns = arms.flatMap((arm) => arm.logits)
  const drawn = bootstrapAucs(design, columns, replicates, key)
  let start = 0
  return arms.map(({ logits }) => {
    const own = drawn.slice(start, start + logits.length)
    start += logits.length
    return { estimates: logits.map((scores) => placements(design.labels, scores).auc), replicates: own }
  })
}

/** Arm − reference, seed by seed and draw by draw. */
export const differenceOf = (arm: ArmAucs, reference: ArmAucs): ArmAucs => ({
  estimates: arm.estimates.map((value, seed) => value - reference.estimates[seed]!),
  replicates: arm.replicates.map((values, seed) =>
    values.map((value, draw) => value - reference.replicates[seed]![draw]!)
  )
})

/** The two-level interval of the mean over seeds of an AUC or of a difference. */
export const headlineOf = (design: ClusterDesign, aucs: ArmAucs, { level, key }: Resampling): Headline =>
  hierarchicalInterval({ ...aucs, groups: design.groups, scarcest: design.scarcest, level, key })
