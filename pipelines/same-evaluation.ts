/** That all arms of a comparison are judged on the same images: seen from the wiring, before anything runs. */
import type { AnyNode, Node } from "../src/dag/stage.ts"
import type { Audit } from "../stages/artifacts/audit.ts"
import type { Dataset } from "../stages/artifacts/dataset.ts"
import type { Split } from "../stages/artifacts/split.ts"
import { refuseUnequalEvaluations } from "../stages/refuse-unequal-evaluations.ts"

/** What must be one node for all: the split, the table with its labels, and the images, also where features stand for them. */
const shared: ReadonlyArray<readonly [string, (evaluated: AnyNode) => AnyNode | undefined]> = [
  ["split", ({ inputs }) => inputs.get("split")],
  ["data set", ({ inputs }) => inputs.get("real")],
  ["images", ({ inputs }) => inputs.get("evaluation") ?? inputs.get("features")?.inputs.get("pack")]
]

/** The evaluations by the nodes that they share, the first one's set first. */
const bySet = (evaluated: ReadonlyArray<AnyNode>): ReadonlyArray<readonly [AnyNode, ...ReadonlyArray<AnyNode>]> => {
  const sets: Array<[AnyNode, ...Array<AnyNode>]> = []
  for (const node of evaluated) {
    const same = sets.find(([first]) => shared.every(([, of]) => of(node) === of(first)))
    if (same === undefined) sets.push([node])
    else same.push(node)
  }
  return sets
}

/**
 * Where evaluations differ, the node that a run must end in instead of a comparison: the splits are drawn, nothing is
 * trained, and the refusal names the rows. `undefined` where all share their nodes.
 */
export const unequalEvaluations = (evaluated: ReadonlyArray<AnyNode>): Node<typeof Audit> | undefined => {
  const sets = bySet(evaluated)
  const [first] = sets
  if (first === undefined || sets.length === 1) return undefined
  const namesOf = (node: AnyNode) =>
    shared.flatMap(([what, of]) => (of(node) === of(first[0]) ? [] : [of(node)?.name ?? `no ${what}`])).join(", ")
  const inputs = <N>(name: string) =>
    Object.fromEntries(sets.map(([node], at) => [String(at), node.inputs.get(name) as N]))
  return refuseUnequalEvaluations.node({
    params: { sets: sets.map((set) => ({ evaluations: set.map(({ name }) => name), nodes: namesOf(set[0]) })) },
    inputs: { splits: inputs<Node<typeof Split>>("split"), reals: inputs<Node<typeof Dataset>>("real") }
  })
}
