/** Near duplicates, found from the pixels elsewhere, brought into the data set: their groups are made one. */
import type { Dataset } from "./dataset.ts"
import { listed } from "./fault.ts"
import { conflictingPairs, mergeGroups, type Pairs } from "./groups.ts"

const shown = (pairs: Pairs): string =>
  listed(
    pairs.map(([a, b]) => `${a} ~ ${b}`),
    3
  )

/** The data set with the groups of every pair merged, and a warning that says how many and which disagree in label. */
export const mergeNearDuplicates = (dataset: Dataset, pairs: Pairs): Dataset => {
  if (pairs.length === 0) return dataset
  const rows = mergeGroups(dataset.rows, pairs)
  const conflicts = conflictingPairs(rows, pairs)
  const merged = new Set(dataset.rows.map(({ group }) => group)).size - new Set(rows.map(({ group }) => group)).size
  return {
    ...dataset,
    rows,
    nearDuplicates: [...dataset.nearDuplicates, ...pairs],
    warnings: [
      ...dataset.warnings,
      `${pairs.length} pairs of near duplicates tie ${merged} groups to others: ${shown(pairs)}.`,
      ...(conflicts.length === 0
        ? []
        : [`${conflicts.length} pairs of near duplicates have different labels: ${shown(conflicts)}.`])
    ]
  }
}
