/** Writes a run into the store's books. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
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

/** Facts of the whole run. */
export type RunFacts = Omit<RunBook, "format" | "pipeline" | "settings" | "nodes">

export const writeBook = Effect.fnUntraced(function* (
  wired: Wired,
  view: RunView,
  facts: RunFacts,
  leftOut: ReadonlyArray<string> = []
) {
  const store = yield* Store
  const isLeftOut = new Set(leftOut)
  const nodes = wired.nodes.map((node): NodeEntry => {
    const seen = nodeOf(view, node.name)
    const key = seen?.key
    const output = seen?.output
    return {
      name: node.name,
      stage: node.stage.name,
      state: isLeftOut.has(node.name) ? "left-out" : states[seen?.status ?? "waiting"],
      ...(key === undefined ? {} : { key }),
      ...(output === undefined ? {} : { output }),
      ...(seen?.seconds === undefined ? {} : { seconds: seen.seconds }),
      ...(seen?.error === undefined ? {} : { error: seen.error })
    }
  })
  const settings = Schema.encodeSync(Schema.toCodecJson(wired.pipeline.settings))(wired.resolved.decoded)
  const book: RunBook = { format: 1, pipeline: wired.pipeline.name, settings, nodes, ...facts }
  yield* runBooks(store.root).write(facts.run, book)
})
