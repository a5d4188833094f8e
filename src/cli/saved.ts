/** The time that reuse saved: what the reused outputs took to make when they were made. */
import * as Effect from "effect/Effect"
import { lastRunName } from "../dag/lookup.ts"
import { Store } from "../store/store.ts"
import type { Output } from "../store/trace.ts"

/** With more nodes than this the figure is not worth the reading. */
const most = 200

/** Seconds, or undefined where it is not known of every one. */
export const savedBy = Effect.fnUntraced(function* (
  pipeline: string,
  hits: ReadonlyArray<string>,
  outputs: ReadonlyMap<string, Output>
) {
  if (hits.length > most) return undefined
  const store = yield* Store
  let seconds = 0
  for (const name of hits) {
    const last = yield* store.lastRuns.read(lastRunName(pipeline, name))
    const trace = last === undefined ? undefined : yield* store.traces.read(last.key)
    // The last run of this node may have made another output than the one that is reused now.
    if (trace === undefined || trace.output.digest !== outputs.get(name)?.digest) return undefined
    seconds += trace.facts.seconds
  }
  return seconds
})
