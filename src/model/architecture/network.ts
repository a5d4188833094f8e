/** A network by its settings: architecture, weight family and head, with the list of its weights. */
import { naming } from "../weights/naming.ts"
import { type Family, type FamilyProperties, familyProperties } from "./family.ts"
import { type Head, isStatistic, type Leaf, type Network, weightTree } from "./tree.ts"
import { type Architecture, architecture, type Variant } from "./variants.ts"

export interface NetworkSettings {
  readonly variant: Variant
  readonly family: Family
  readonly head: Head
}

export interface NetworkPlan {
  readonly settings: NetworkSettings
  readonly architecture: Architecture
  readonly properties: FamilyProperties
  readonly leaves: Network<Leaf>
  /** Every leaf, in the order of the network. */
  readonly list: ReadonlyArray<Leaf>
  /** The tree with `make` applied to every leaf. */
  readonly tree: <T>(make: (leaf: Leaf) => T) => Network<T>
}

export const networkPlan = (settings: NetworkSettings): NetworkPlan => {
  const shapes = architecture(settings.variant)
  // Our own names exist for every network.
  const names = naming("own", shapes)!
  const tree = <T>(make: (leaf: Leaf) => T) => weightTree(shapes, settings.head, names, make)
  const list: Array<Leaf> = []
  const leaves = tree((leaf) => {
    list.push(leaf)
    return leaf
  })
  return {
    settings,
    architecture: shapes,
    properties: familyProperties(settings.family, settings.variant),
    leaves,
    list,
    tree
  }
}

/** The number of trained scalars, as model cards count them: running statistics are left out. */
export const parameterCount = (leaves: ReadonlyArray<Leaf>): number =>
  leaves
    .filter(({ role }) => !isStatistic(role))
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
