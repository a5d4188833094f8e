/** Signs that a data set would teach something else than it seems to, told before training. */
import { auditSplit } from "./audit.ts"
import { countLabels, type Row } from "./dataset.ts"

/** A class counts as told by a trait when this share of it has values that the other class hardly has. */
const telling = 0.9

/** How well the most frequent class of each value of a trait guesses the label: 0 (no better than without it) to 1. */
const guess = (rows: ReadonlyArray<Row>, trait: (row: Row) => string): number => {
  const counts = new Map<string, [number, number]>()
  for (const row of rows) {
    const own = counts.get(trait(row)) ?? [0, 0]
    own[row.label]!++
    counts.set(trait(row), own)
  }
  const { benign, melanoma } = countLabels(rows)
  // Balanced over the classes, and not for traits with almost a value a row, which could guess anything.
  if (benign === 0 || melanoma === 0 || counts.size > rows.length / 10) return 0
  let right = 0
  for (const [zero, one] of counts.values()) right += Math.max(zero / benign, one / melanoma)
  return right - 1
}

const traits: ReadonlyArray<readonly [name: string, trait: (row: Row) => string]> = [
  ["its pixel size", ({ width, height }) => `${width}x${height}`],
  ["its orientation", ({ width, height }) => (width > height ? "wide" : width < height ? "tall" : "square")],
  ["its file type", ({ path }) => path.slice(path.lastIndexOf(".") + 1).toLowerCase()]
]

/** Sentences, one a finding; none for a set that shows nothing. */
export const suspicions = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const found: Array<string> = []
  const { benign, melanoma } = countLabels(rows)
  if ((benign === 0 || melanoma === 0) && rows.some(({ origin }) => origin === "real")) {
    const only = benign === 0 ? "melanoma" : "benign"
    found.push(`All ${rows.length} images are ${only}: alone, the set can train and test nothing.`)
  }
  for (const [name, trait] of traits) {
    if (guess(rows, trait) >= telling) found.push(`An image's class can be told from ${name}: a shortcut to learn.`)
  }
  const declared = new Map(rows.flatMap(({ id, split }) => (split === undefined ? [] : [[id, split] as const])))
  const { groups } = auditSplit(rows, declared)
  if (groups.length > 0) {
    const images = groups.reduce((sum, { rows }) => sum + rows.length, 0)
    found.push(
      `The declared split leaks: ${groups.length} groups (${images} images) stand in more than one part of it.`
    )
  }
  const members = new Map<string, number>()
  for (const { group } of rows) members.set(group, (members.get(group) ?? 0) + 1)
  const largest = Math.max(0, ...members.values())
  if (rows.length >= 20 && largest > rows.length * 0.2) {
    found.push(`One group has ${largest} of the ${rows.length} images: a split by group cannot keep its shares.`)
  }
  return found
}
