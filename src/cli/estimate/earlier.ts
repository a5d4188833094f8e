/** What nodes took when they last ran: the store keeps it with every trace. */
import * as Effect from "effect/Effect"
import { paramsOf } from "../../dag/key.ts"
import { lastRunOf } from "../../dag/last-run.ts"
import type { AnyNode } from "../../dag/stage.ts"
import { canonicalJson } from "../../store/digest.ts"
import { Store } from "../../store/store.ts"
import type { Seconds } from "./expect.ts"

/** Of the nodes whose last run had the parameters of today: another network takes another time. */
export const earlierSeconds = Effect.fnUntraced(function* (pipeline: string, nodes: ReadonlyArray<AnyNode>) {
  const { traces } = yield* Store
  const seconds = new Map<string, number>()
  for (const node of nodes) {
    const last = yield* lastRunOf(pipeline, node.name)
    if (last === undefined || canonicalJson(last.record.params) !== canonicalJson(paramsOf(node))) continue
    const trace = yield* traces.read(last.key)
    if (trace !== undefined) seconds.set(node.name, trace.facts.seconds)
  }
  return seconds satisfies Seconds
})
