/** How much a pipeline has to do before anything is known of how long it takes: its long stages, and how far they may go. */
import type { AnyNode } from "../../dag/stage.ts"

/** Work of unknown length, such as a training: a stage that says how far it goes. */
export const isLong = ({ stage }: Pick<AnyNode, "stage">): boolean => stage.horizon.length > 0

/** "up to 50 epochs"; empty where the stage's first horizon is no number. */
const reach = ({ stage, params }: AnyNode): string => {
  const [horizon] = stage.horizon
  const encoded = stage.encodeParams(params)
  if (horizon === undefined || typeof encoded !== "object" || encoded === null) return ""
  const value: unknown = (encoded as Readonly<Record<string, unknown>>)[horizon]
  return typeof value === "number" ? `, up to ${value} ${horizon} each` : ""
}

/** "25 × fine-tune, up to 50 epochs each"; undefined where no node is long. */
export const sizeOf = (nodes: ReadonlyArray<AnyNode>): string | undefined => {
  const counts = new Map<string, { readonly count: number; readonly stage: string; readonly reach: string }>()
  for (const node of nodes.filter(isLong)) {
    const kind = { stage: node.stage.name, reach: reach(node) }
    const key = kind.stage + kind.reach
    counts.set(key, { ...kind, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  if (counts.size === 0) return undefined
  return [...counts.values()].map(({ count, stage, reach }) => `${count} × ${stage}${reach}`).join("; ")
}
