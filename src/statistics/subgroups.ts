/** Whether a difference of two arms is the same everywhere: within every level of every attribute. */
import { type Aligned, type AlignedArm, subset } from "./align.ts"
import { clusterDesign } from "./bootstrap.ts"
import type { Subgroup } from "./comparison-types.ts"
import { armAucs, differenceOf, headlineOf, type Resampling } from "./difference.ts"
import { holmAdjust } from "./equivalence.ts"
import { clamp } from "./numeric.ts"

/** With fewer groups of a class than this no interval is given: it would be a guess. */
const FEWEST = 5

/**
 * AUC(arm) − AUC(reference) within each level of each of `attributes`, with p adjusted over all of them (Holm). Rows whose
 * level is unknown are in none.
 */
export const subgroupDifferences = (
  aligned: Aligned,
  arm: AlignedArm,
  reference: AlignedArm,
  resampling: Resampling
): ReadonlyArray<Subgroup> => {
  const pair = { ...aligned, arms: [arm, reference] }
  const raw = Object.entries(aligned.attributes).flatMap(([attribute, column]) => {
    const levels = [...new Set(column)].filter((level) => level !== null).sort()
    return levels.map((level): Omit<Subgroup, "holm"> => {
      const rows = subset(pair, (row) => column[row] === level)
      const design = clusterDesign(rows.label, rows.group)
      const positives = rows.label.filter((label) => label === 1).length
      const shared = { attribute, level, n: rows.label.length, positives }
      if (design.scarcest < FEWEST) {
        const reason = `fewer than ${FEWEST} groups of a class`
        return { ...shared, delta: null, low: null, high: null, p: null, reason }
      }
      const [a, b] = armAucs(design, rows.arms, resampling)
      const { delta, low, high, p } = headlineOf(design, differenceOf(a!, b!), resampling)
      return { ...shared, delta, low: clamp(low, -1, 1), high: clamp(high, -1, 1), p, reason: null }
    })
  })
  const holm = holmAdjust(raw.map(({ p }) => p))
  return raw.map((group, at) => ({ ...group, holm: holm[at]! }))
}
