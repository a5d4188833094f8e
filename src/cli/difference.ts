/** What differs between two runs: settings, and of every node its key record, output and duration. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { compare, describe, differences, type Reason } from "../dag/reason.ts"
import type { NodeEntry, RunBook } from "../store/runs.ts"
import type { StoreShape } from "../store/store.ts"
import type { Trace } from "../store/trace.ts"

export interface NodeDifference {
  readonly name: string
  readonly change: "same" | "changed" | "added" | "removed"
  readonly reasons: ReadonlyArray<Reason>
  /** Whether its output has other bytes; undefined where one of the two has none. */
  readonly outputDiffers: boolean | undefined
  /** Seconds that the work took when it was done, whether in that run or before it. */
  readonly seconds: { readonly from: number | null; readonly to: number | null }
}

export interface RunDifference {
  readonly from: RunBook
  readonly to: RunBook
  readonly settings: ReadonlyArray<{ readonly path: string; readonly from: Schema.Json; readonly to: Schema.Json }>
  readonly nodes: ReadonlyArray<NodeDifference>
}

const nodeDifference = (
  name: string,
  from: { readonly entry: NodeEntry | undefined; readonly trace: Trace | undefined },
  to: { readonly entry: NodeEntry | undefined; readonly trace: Trace | undefined }
): NodeDifference => {
  const reasons = from.trace === undefined || to.trace === undefined ? [] : compare(from.trace, to.trace)
  const outputs = [from.entry?.output?.digest, to.entry?.output?.digest]
  const outputDiffers = outputs.includes(undefined) ? undefined : outputs[0] !== outputs[1]
  const changed = reasons.length > 0 || outputDiffers === true || from.entry?.key !== to.entry?.key
  return {
    name,
    change: from.entry === undefined ? "added" : to.entry === undefined ? "removed" : changed ? "changed" : "same",
    reasons,
    outputDiffers,
    seconds: { from: from.trace?.facts.seconds ?? null, to: to.trace?.facts.seconds ?? null }
  }
}

export const diffRuns = Effect.fnUntraced(function* (store: StoreShape, from: RunBook, to: RunBook) {
  const lookUp = Effect.fnUntraced(function* (book: RunBook, name: string) {
    const entry = book.nodes.find((node) => node.name === name)
    return { entry, trace: entry?.key === undefined ? undefined : yield* store.traces.read(entry.key) }
  })
  const names = [...new Set([...to.nodes, ...from.nodes].map(({ name }) => name))]
  const nodes: Array<NodeDifference> = []
  for (const name of names) nodes.push(nodeDifference(name, yield* lookUp(from, name), yield* lookUp(to, name)))
  return { from, to, settings: differences(from.settings, to.settings), nodes } satisfies RunDifference
})

/** The form of `diff --json`. */
export const differenceJson = (value: RunDifference): Schema.Json => ({
  from: value.from.run,
  to: value.to.run,
  settings: value.settings.map(({ path, from, to }) => ({ path, from, to })),
  nodes: value.nodes.map(({ name, change, reasons, outputDiffers, seconds }) => ({
    name,
    change,
    reasons: reasons.map((reason) => ({ ...reason, text: describe(reason) }) as unknown as Schema.Json),
    outputDiffers: outputDiffers ?? null,
    seconds
  })),
  seconds: { from: value.from.seconds, to: value.to.seconds },
  verdict: { from: value.from.verdict, to: value.to.verdict },
  report: { from: value.from.report, to: value.to.report }
})
