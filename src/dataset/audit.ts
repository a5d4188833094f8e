/** Does anything of the evaluation stand in training? Counts of every part, and each group or pair that crosses. */
import * as Schema from "effect/Schema"
import { compareText, type Row, SplitName } from "./dataset.ts"
import type { Pairs } from "./groups.ts"

const PartCounts = Schema.Struct({ images: Schema.Int, groups: Schema.Int, melanoma: Schema.Int, benign: Schema.Int })
export const AuditCounts = Schema.Struct({
  train: PartCounts,
  validation: PartCounts,
  test: PartCounts,
  /** Groups and pairs of near duplicates that stand in more than one part. */
  crossingGroups: Schema.Int,
  crossingNearDuplicates: Schema.Int
})

/** What stands in two parts: a group, or a pair of near duplicates. */
export interface Crossing {
  readonly name: string
  readonly rows: ReadonlyArray<{ readonly id: string; readonly split: SplitName }>
}

export interface Audit {
  readonly counts: typeof AuditCounts.Type
  readonly groups: ReadonlyArray<Crossing>
  readonly nearDuplicates: ReadonlyArray<Crossing>
}

/** Audits a partition of `rows` given as id → part; rows without a part are not counted. */
export const auditSplit = (
  rows: ReadonlyArray<Row>,
  names: ReadonlyMap<string, SplitName>,
  pairs: Pairs = []
): Audit => {
  const members = new Map<string, Array<{ id: string; split: SplitName }>>()
  const counts = Object.fromEntries(
    SplitName.literals.map((name) => [name, { images: 0, groups: new Set<string>(), melanoma: 0 }])
  )
  for (const { id, group, label } of rows) {
    const split = names.get(id)
    if (split === undefined) continue
    const part = counts[split]!
    part.images++
    part.groups.add(group)
    part.melanoma += label
    const known = members.get(group)
    if (known === undefined) members.set(group, [{ id, split }])
    else known.push({ id, split })
  }
  const groups = [...members]
    .filter(([, own]) => own.some(({ split }) => split !== own[0]!.split))
    .map(([name, own]) => ({ name, rows: own }))
    .sort((a, b) => compareText(a.name, b.name))
  const nearDuplicates = pairs.flatMap(([a, b]) => {
    const [left, right] = [names.get(a), names.get(b)]
    if (left === undefined || right === undefined || left === right) return []
    return [
      {
        name: `${a} ~ ${b}`,
        rows: [
          { id: a, split: left },
          { id: b, split: right }
        ]
      }
    ]
  })
  const part = (name: SplitName) => {
    const { images, groups, melanoma } = counts[name]!
    return { images, groups: groups.size, melanoma, benign: images - melanoma }
  }
  return {
    counts: {
      train: part("train"),
      validation: part("validation"),
      test: part("test"),
      crossingGroups: groups.length,
      crossingNearDuplicates: nearDuplicates.length
    },
    groups,
    nearDuplicates
  }
}

/** The counts as lines of text. */
export const auditText = (counts: Audit["counts"]): string =>
  [
    ...SplitName.literals.map((name) => {
      const { images, groups, melanoma } = counts[name]
      const share = images === 0 ? "0" : ((100 * melanoma) / images).toFixed(1)
      return `${name.padEnd(10)} ${images} images in ${groups} groups, ${melanoma} melanoma (${share} %)`
    }),
    `in two parts: ${counts.crossingGroups} groups, ${counts.crossingNearDuplicates} pairs of near duplicates`
  ].join("\n")
