/**
 * The DAG drawn as a tree, every node once. A node stands under that of its inputs which is deepest in the tree; of
 * several as deep, under that whose label is its own (`resize:real` of `fine-tune:real:1`); of several still, under what
 * these have in common: a verdict over all arms hangs below none of them.
 */
import type { Glyphs } from "../text/glyphs.ts"

/** Nodes by their place in the pipeline's order. */
export interface Tree {
  /** -1 for a root. */
  readonly parents: ReadonlyArray<number>
  /** Every node after its parent, and what is below it before what is beside it. */
  readonly order: ReadonlyArray<number>
}

/** The nearest node above or equal to both; -1 where there is none. */
const meeting = (parents: ReadonlyArray<number>, depths: ReadonlyArray<number>, one: number, other: number): number => {
  let [a, b] = [one, other]
  while (a !== b) {
    if (a < 0 || b < 0) return -1
    if (depths[a]! >= depths[b]!) a = parents[a]!
    else b = parents[b]!
  }
  return a
}

/** Parts of the labels, which follow the stage's name, that begin both names. */
const sharedLabels = (one: string, other: string): number => {
  const [a, b] = [one.split(":").slice(1), other.split(":").slice(1)]
  const differ = a.findIndex((part, at) => part !== b[at])
  return differ < 0 ? a.length : differ
}

/** `nodes`: each after its inputs. */
export const treeOf = (nodes: ReadonlyArray<string>, inputs: ReadonlyMap<string, ReadonlyArray<string>>): Tree => {
  const places = new Map(nodes.map((name, at) => [name, at]))
  const parents: Array<number> = []
  const depths: Array<number> = []
  for (const [at, name] of nodes.entries()) {
    const above = (inputs.get(name) ?? []).flatMap((input) => {
      const place = places.get(input)
      return place === undefined || place >= at ? [] : [place]
    })
    const depth = above.reduce((most, input) => Math.max(most, depths[input]!), 0)
    const deepest = above.filter((input) => depths[input] === depth)
    const shared = deepest.map((input) => sharedLabels(name, nodes[input]!))
    const most = shared.reduce((a, b) => Math.max(a, b), 0)
    const nearest = deepest.filter((_, index) => shared[index] === most)
    const parent = nearest.length === 0 ? -1 : nearest.reduce((a, b) => meeting(parents, depths, a, b))
    parents.push(parent)
    depths.push(parent < 0 ? 0 : depths[parent]! + 1)
  }
  return { parents, order: depthFirst(parents) }
}

const depthFirst = (parents: ReadonlyArray<number>): ReadonlyArray<number> => {
  const children = childrenOf(
    parents.map((_, at) => at),
    (at) => parents[at]!
  )
  const order: Array<number> = []
  const open = [...(children.get(-1) ?? [])].reverse()
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    order.push(at)
    open.push(...[...(children.get(at) ?? [])].reverse())
  }
  return order
}

const childrenOf = (nodes: ReadonlyArray<number>, parentOf: (at: number) => number) => {
  const children = new Map<number, Array<number>>()
  for (const at of nodes) {
    const parent = parentOf(at)
    const known = children.get(parent)
    if (known === undefined) children.set(parent, [at])
    else known.push(at)
  }
  return children
}

export interface Branch {
  readonly at: number
  /** What stands before the node, and before further lines of it. */
  readonly guide: string
  readonly below: string
}

/** The branches of what is `kept`, each under the nearest one above it that is kept; `step` columns a level, 1 or 2. */
export const branchesOf = (
  tree: Tree,
  kept: ReadonlySet<number>,
  step: 1 | 2,
  glyphs: Glyphs
): ReadonlyArray<Branch> => {
  const shown = tree.order.filter((at) => kept.has(at))
  const parentOf = (at: number): number => {
    let parent = tree.parents[at]!
    while (parent >= 0 && !kept.has(parent)) parent = tree.parents[parent]!
    return parent
  }
  const children = childrenOf(shown, parentOf)
  // What the lines below a node begin with, but for the line to its own children.
  const passing = new Map<number, string>([[-1, ""]])
  return shown.map((at) => {
    const parent = parentOf(at)
    const before = passing.get(parent)!
    const last = children.get(parent)!.at(-1) === at
    const [own, past] = parent < 0 ? ["", ""] : last ? [glyphs.last, " "] : [glyphs.branch, glyphs.through]
    const rest = before + past.padEnd(parent < 0 ? 0 : step)
    passing.set(at, rest)
    return {
      at,
      guide: before + own.padEnd(parent < 0 ? 0 : step),
      below: rest + (children.has(at) ? glyphs.through : " ").padEnd(step)
    }
  })
}
