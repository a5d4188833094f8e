/**
 * What a node was last: the left side of every "why must it run". Two places know. A node's execution is written down at
 * once, by itself; the keys of all nodes, hits included, at the end of a run. The later of the two is taken, so that
 * after settings A, B and A again a change is told against A. Beside it a few earlier executions are remembered by key.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Store } from "../store/store.ts"
import { compare, type Recorded } from "./reason.ts"

/** Name under which the node's last execution is kept. */
export const lastRunName = (pipeline: string, node: string): string => `${pipeline}/${node}`

/** The node's last run in this store: its key record, the files of its code, the run. */
export const lastRunOf = Effect.fnUntraced(function* (pipeline: string, node: string) {
  const store = yield* Store
  const executed = yield* store.lastRuns.read(lastRunName(pipeline, node))
  const latest = yield* store.latest(pipeline)
  const key = latest?.keys[node]
  if (latest === undefined || key === undefined || key === executed?.key) return executed
  if (executed !== undefined && (executed.at ?? 0) > latest.at) return executed
  const trace = yield* store.traces.read(key)
  if (trace === undefined) return executed
  const { record, files, folders = {} } = trace
  return { key, record, files, folders, run: latest.run }
})

/** So many executions are remembered before the last one. */
const remembered = 7

/** The keys of a node's executions before one of `key`, the latest first. */
export const keysBefore = Effect.fnUntraced(function* (pipeline: string, node: string, key: string) {
  const last = yield* (yield* Store).lastRuns.read(lastRunName(pipeline, node))
  if (last === undefined) return []
  return [last.key, ...(last.before ?? [])].filter((before) => before !== key).slice(0, remembered)
})

/**
 * Every reason why the node, as it stands, must run: against its last run or, of the few before that, the one that it
 * differs from in fewest fields, the latest among equals. So after runs on other data a change of a setting is told as
 * just that. Undefined where it never ran.
 */
export const changesSince = Effect.fnUntraced(function* (pipeline: string, node: string, now: Recorded) {
  const last = yield* lastRunOf(pipeline, node)
  if (last === undefined) return undefined
  let fewest = compare(last, now)
  if (fewest.length <= 1) return fewest
  const { traces } = yield* Store
  for (const key of yield* keysBefore(pipeline, node, last.key)) {
    const trace = yield* traces.read(key)
    const reasons = trace === undefined ? fewest : compare(trace, now)
    if (reasons.length < fewest.length) fewest = reasons
  }
  return fewest
})

/** Writes down the keys that a run used or made; what it did not come to stays as it was. */
export const noteLatest = Effect.fnUntraced(function* (
  pipeline: string,
  run: string,
  keys: ReadonlyMap<string, string>
) {
  if (keys.size === 0) return
  const store = yield* Store
  const before = yield* store.latest(pipeline)
  const at = yield* Clock.currentTimeMillis
  yield* store.noteLatest(pipeline, { run, at, keys: { ...before?.keys, ...Object.fromEntries(keys) } })
})
