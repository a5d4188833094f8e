/** The selection that a command was given: checked against the pipeline's nodes, and shown before it runs. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Plan } from "../dag/plan.ts"
import { type Selection, type SelectionOptions, select } from "../dag/select.ts"
import { nearest } from "../dag/suggest.ts"
import { NoSuchNode } from "./errors.ts"
import type { Wired } from "./project.ts"
import { plural } from "./text/format.ts"

export type SelectionFlags = Required<SelectionOptions>

/** A selected node needs the output of one that is left out, and the store does not have it. */
export class SelectionBlocked extends Schema.TaggedError<SelectionBlocked>()("SelectionBlocked", {
  node: Schema.String,
  by: Schema.Array(Schema.String)
}) {
  override get message(): string {
    const needed = this.by.join(", ")
    const verb = this.by.length === 1 ? "is left out and has" : "are left out and have"
    return `${this.node}: ${needed} ${verb} no output in the store\n  mend: select ${needed} as well, or run it first with --until`
  }
}

const isEmpty = (flags: SelectionFlags): boolean => Object.values(flags).every((globs) => globs.length === 0)

/** Undefined where no flag is given: all is selected. */
export const selectionOf = (
  wired: Pick<Wired, "nodes" | "pipeline">,
  { only, from, until, downstream, force }: SelectionFlags
): Effect.Effect<Selection | undefined, NoSuchNode> => {
  const flags = { only, from, until, downstream, force }
  if (isEmpty(flags)) return Effect.succeed(undefined)
  const nodes = wired.nodes.map((node) => ({
    name: node.name,
    inputs: [...new Set([...node.inputs.values()].map((input) => input.name))]
  }))
  const selection = select(nodes, flags)
  const [unmatched] = selection.unmatched
  if (unmatched === undefined) return Effect.succeed(selection)
  const known = nodes.map(({ name }) => name)
  const stem = unmatched.replace(/[*?{}]/gu, "")
  const suggestion = nearest(unmatched, known) ?? nearest(stem, known) ?? null
  return Effect.fail(new NoSuchNode({ given: unmatched, pipeline: wired.pipeline.name, known, suggestion }))
}

/** The first selected node that cannot run because of what is left out. */
export const blockedBy = (plan: Plan): SelectionBlocked | undefined => {
  for (const { name, reasons } of plan.nodes) {
    for (const reason of reasons) {
      if (reason._tag === "BelowLeftOut") return new SelectionBlocked({ node: name, by: reason.nodes })
    }
  }
  return undefined
}

/** "selected 3 of 17 nodes; left out: ..." */
export const describeSelection = (selection: Selection, nodes: number): ReadonlyArray<string> => [
  `selected ${selection.selected.size} of ${plural(nodes, "node")}: ${[...selection.selected].join(", ") || "none"}`,
  ...(selection.forced.size === 0 ? [] : [`forced: ${[...selection.forced].join(", ")}`]),
  ...(selection.leftOut.length === 0 ? [] : [`left out: ${selection.leftOut.join(", ")}`])
]
