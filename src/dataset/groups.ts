/** Groups that duplicates tie together: the connected components, by union-find, of groups linked by equal images. */
import { compareText, type Row } from "./dataset.ts"

/** Disjoint sets of texts; the name of a set is its smallest member, whatever the order of the unions. */
export const disjointSets = () => {
  const parent = new Map<string, string>()
  const find = (one: string): string => {
    let root = one
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up
    for (let at = one; at !== root; ) {
      const up = parent.get(at)!
      parent.set(at, root)
      at = up
    }
    return root
  }
  const union = (a: string, b: string): void => {
    const [low, high] = [find(a), find(b)].sort(compareText) as [string, string]
    if (low !== high) parent.set(high, low)
  }
  return { find, union }
}

/** Pairs of row ids that show the same picture, as a finder of exact or near duplicates gives them. */
export type Pairs = ReadonlyArray<readonly [string, string]>

/** The pairs of rows with equal bytes or equal decoded pixels: a chain through each set of equals. */
export const exactDuplicates = (rows: ReadonlyArray<Row>): Pairs => {
  const first = new Map<string, string>()
  const pairs: Array<readonly [string, string]> = []
  for (const row of rows) {
    const seen = new Set<string>()
    for (const key of [`bytes:${row.digest}`, `pixels:${row.pixelDigest ?? row.digest}`]) {
      const other = first.get(key)
      if (other === undefined) first.set(key, row.id)
      else if (!seen.has(other)) {
        pairs.push([other, row.id])
        seen.add(other)
      }
    }
  }
  return pairs
}

/** The rows with the groups of each pair made one. Ids that are no row are ignored. */
export const mergeGroups = (rows: ReadonlyArray<Row>, pairs: Pairs): ReadonlyArray<Row> => {
  if (pairs.length === 0) return rows
  const groupOf = new Map(rows.map((row) => [row.id, row.group]))
  const sets = disjointSets()
  for (const [a, b] of pairs) {
    const left = groupOf.get(a)
    const right = groupOf.get(b)
    if (left !== undefined && right !== undefined) sets.union(left, right)
  }
  return rows.map((row) => {
    const group = sets.find(row.group)
    return group === row.group ? row : { ...row, group }
  })
}

/** The pairs whose two rows do not have the same label: one picture, two diagnoses. */
export const conflictingPairs = (rows: ReadonlyArray<Row>, pairs: Pairs): Pairs => {
  const labelOf = new Map(rows.map((row) => [row.id, row.label]))
  return pairs.filter(([a, b]) => {
    const [left, right] = [labelOf.get(a), labelOf.get(b)]
    return left !== undefined && right !== undefined && left !== right
  })
}
