/** Writes a run into the store's books. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { lookup } from "../dag/lookup.ts"
import { inputDigests } from "../dag/plan.ts"
import type { AnyNode } from "../dag/stage.ts"
import { type NodeEntry, type RunBook, runBooks } from "../store/runs.ts"
import { Store } from "../store/store.ts"
import type { Wired } from "./project.ts"
import { nodeOf, type RunView, type Status } from "./view/state.ts"

const states: Record<Status, NodeEntry["state"]> = {
  hit: "hit",
  done: "executed",
  failed: "failed",
  blocked: "blocked",
  running: "unfinished",
  waiting: "unfinished"
}

/** The key that a node had, where its inputs' outputs are known. */
const keyOfNode = Effect.fnUntraced(function* (pipeline: string, node: AnyNode, outputs: ReadonlyMap<string, string>) {
  const inputs = inputDigests(node, outputs)
  return inputs === undefined ? undefined : (yield* lookup(pipeline, node, inputs)).key
})

/** Facts of the whole run. */
export type RunFacts = Pick<RunBook, "run" | "startedAt" | "seconds" | "outcome" | "verdict" | "report" | "version">

export const writeBook = Effect.fnUntraced(function* (
  wired: Wired,
  view: RunView,
  facts: RunFacts,
  leftOut: ReadonlyArray<string> = []
) {
  const store = yield* Store
  const outputs = new Map(
    view.nodes.flatMap(({ name, output }) => (output === undefined ? [] : [[name, output.digest]]))
  )
  const nodes: Array<NodeEntry> = []
  for (const node of wired.nodes) {
    const seen = nodeOf(view, node.name)
    const key = yield* keyOfNode(wired.pipeline.name, node, outputs)
    const output = seen?.output
    nodes.push({
      name: node.name,
      stage: node.stage.name,
      state: leftOut.includes(node.name) ? "left-out" : states[seen?.status ?? "waiting"],
      ...(key === undefined ? {} : { key }),
      ...(output === undefined ? {} : { output }),
      ...(seen?.seconds === undefined ? {} : { seconds: seen.seconds }),
      ...(seen?.error === undefined ? {} : { error: seen.error })
    })
  }
  const settings = Schema.encodeSync(Schema.toCodecJson(wired.pipeline.settings))(wired.resolved.decoded)
  const book: RunBook = { format: 1, pipeline: wired.pipeline.name, settings, nodes, ...facts }
  yield* runBooks(store.root).write(facts.run, book)
})
