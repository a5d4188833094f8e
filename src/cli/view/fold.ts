/** Which nodes are shown where the terminal is too low for all: what needs no look is left out and counted. */
import type { NodeView, RunView, Status } from "./state.ts"

/** What goes first. Of what is finished the oldest, of what waits the last; what works and what failed stays. */
const leaves = ["hit", "done", "waiting", "blocked"] as const satisfies ReadonlyArray<Status>

export interface Folded {
  readonly kept: ReadonlySet<number>
  /** How many are left out of each status. */
  readonly left: ReadonlyMap<(typeof leaves)[number], number>
}

/** Leaves out as few nodes as make the rest and one line of counts fit `rows`. `height`: lines of a node. */
export const fold = (view: RunView, rows: number, height: (node: NodeView) => number): Folded => {
  const kept = new Set(view.nodes.keys())
  const left = new Map<(typeof leaves)[number], number>()
  let lines = view.nodes.reduce((sum, node) => sum + height(node), 0)
  if (lines <= rows) return { kept, left }
  for (const status of leaves) {
    const places = view.nodes.flatMap((node, at) => (node.status === status ? [at] : []))
    if (status === "waiting" || status === "blocked") places.reverse()
    for (const at of places) {
      if (lines < rows) return { kept, left }
      kept.delete(at)
      lines -= height(view.nodes[at]!)
      left.set(status, (left.get(status) ?? 0) + 1)
    }
  }
  return { kept, left }
}
