/** Whole groups into parts of given shares, each class in its share: what hold-out splits and folds have in common. */
import { generator } from "../random/generator.ts"
import { compareText, type Row } from "./dataset.ts"

interface Group {
  readonly name: string
  readonly rows: ReadonlyArray<Row>
  readonly melanomas: number
  /** In [0, 1), a function of (purpose, seed, name). */
  readonly draw: number
}

const groupsOf = (rows: ReadonlyArray<Row>, purpose: string, seed: number): ReadonlyArray<Group> => {
  const members = new Map<string, Array<Row>>()
  for (const row of rows) {
    const known = members.get(row.group)
    if (known === undefined) members.set(row.group, [row])
    else known.push(row)
  }
  return [...members]
    .map(([name, own]) => ({
      name,
      rows: own,
      melanomas: own.reduce((sum, { label }) => sum + label, 0),
      draw: generator(purpose, seed, name).float()
    }))
    .sort((a, b) => a.draw - b.draw || compareText(a.name, b.name))
}

/** A part and its share of the images; shares sum to 1. */
export type Shares<Part> = ReadonlyArray<readonly [part: Part, share: number]>

/** Groups that have their part before anything is drawn. */
export interface Fixed<Part> {
  readonly part: Part
  readonly groups: ReadonlySet<string>
}

/** The shares of the weight that is left where `taken` of `total` has gone to `part`: all then comes as near as it can. */
const sharesLeft = <Part>(shares: Shares<Part>, part: Part, total: number, taken: number): Shares<Part> => {
  const left = total - taken
  const wanted = shares.reduce((sum, [other, share]) => (other === part ? sum : sum + share * total), 0)
  const scale = wanted === 0 ? 0 : Math.min(1 / left, 1 / wanted)
  return shares.map(([other, share]) => [
    other,
    other === part ? Math.max(0, (left - wanted) / left) : share * total * scale
  ])
}

/**
 * Cuts the groups, in the order of their draws, at the shares of `weight`: a group goes where its middle lies. Parts in
 * `served` may stay empty.
 */
const cut = <Part>(
  groups: ReadonlyArray<Group>,
  shares: Shares<Part>,
  weight: (group: Group) => number,
  served: ReadonlyArray<Part>
): ReadonlyMap<Part, ReadonlyArray<Group>> => {
  const parts = new Map<Part, Array<Group>>(shares.map(([part]) => [part, []]))
  const total = groups.reduce((sum, group) => sum + weight(group), 0)
  let before = 0
  for (const group of groups) {
    const middle = (before + weight(group) / 2) / total
    before += weight(group)
    let upTo = 0
    const place = shares.find(([, share]) => {
      upTo += share
      return middle < upTo
    })
    parts.get((place ?? shares.at(-1)!)[0])!.push(group)
  }
  // Few or large groups can leave a part with none: it takes one from the part with most, while that has two.
  for (const [part] of shares) {
    if (parts.get(part)!.length > 0 || served.includes(part)) continue
    const [, largest] = [...parts].sort((a, b) => b[1].length - a[1].length)[0]!
    if (largest.length > 1) parts.get(part)!.push(largest.pop()!)
  }
  return parts
}

/**
 * The part of every row, as id → part. Groups with a melanoma are divided by their melanomas, the others by their
 * images. Each group is placed by its own keyed draw: images added later move only the few groups near a boundary, and a
 * change of one boundary leaves the parts before it alone. With `fixed` groups the others are drawn so that the shares of
 * all come as near as they can.
 */
export const placeGroups = <Part>(
  rows: ReadonlyArray<Row>,
  shares: Shares<Part>,
  purpose: string,
  seed: number,
  fixed?: Fixed<Part>
): ReadonlyMap<string, Part> => {
  const groups = groupsOf(rows, purpose, seed)
  const used = shares.filter(([, share]) => share > 0)
  const strata = [
    { groups: groups.filter(({ melanomas }) => melanomas > 0), weight: (group: Group) => group.melanomas },
    { groups: groups.filter(({ melanomas }) => melanomas === 0), weight: (group: Group) => group.rows.length }
  ]
  const places = new Map<string, Part>()
  const place = (own: ReadonlyArray<Group>, part: Part) => {
    for (const group of own) for (const { id } of group.rows) places.set(id, part)
  }
  for (const { groups: own, weight } of strata) {
    const weigh = (some: ReadonlyArray<Group>) => some.reduce((sum, group) => sum + weight(group), 0)
    const placed = fixed === undefined ? [] : own.filter(({ name }) => fixed.groups.has(name))
    if (fixed === undefined || placed.length === 0) {
      for (const [part, drawn] of cut(own, used, weight, [])) place(drawn, part)
      continue
    }
    place(placed, fixed.part)
    const free = own.filter(({ name }) => !fixed.groups.has(name))
    if (free.length === 0) continue
    const left = sharesLeft(used, fixed.part, weigh(own), weigh(placed)).filter(([, share]) => share > 1e-9)
    for (const [part, drawn] of cut(free, left, weight, [fixed.part])) place(drawn, part)
  }
  return places
}
