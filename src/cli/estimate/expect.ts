/** How long nodes may take that have not run yet: as long as others of their stage, else as they did themselves before. */
import type { AnyNode } from "../../dag/stage.ts"
import { isLong } from "./size.ts"

/** Seconds of a node's work, where that is known or seen coming. */
export type Seconds = ReadonlyMap<string, number>

const mean = (values: ReadonlyArray<number>): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * `sources`, the best first: seconds of nodes of this pipeline. `earlier`: of each node itself, made with these very
 * parameters.
 */
export const expectations = (nodes: ReadonlyArray<AnyNode>, sources: ReadonlyArray<Seconds>, earlier: Seconds) => {
  const byStage = new Map<string, number>()
  for (const source of sources) {
    const seen = new Map<string, Array<number>>()
    for (const { name, stage } of nodes) {
      const seconds = source.get(name)
      if (seconds !== undefined) seen.set(stage.name, [...(seen.get(stage.name) ?? []), seconds])
    }
    for (const [stage, values] of seen) if (!byStage.has(stage)) byStage.set(stage, mean(values)!)
  }
  return (node: AnyNode): number | undefined => byStage.get(node.stage.name) ?? earlier.get(node.name)
}

/** Whether so much is known of these nodes that a sum of it says something: of all that are long, and of one at least. */
export const isTelling = (nodes: ReadonlyArray<AnyNode>, expected: (node: AnyNode) => number | undefined): boolean => {
  const long = nodes.filter(isLong)
  return (long.length > 0 ? long : nodes).every((node) => expected(node) !== undefined)
}
