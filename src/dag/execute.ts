/** One execution of a node: start it, wait for its output, write its trace last. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Executor, type Job, type JobEvent, type JobTree } from "../executor/executor.ts"
import { Store } from "../store/store.ts"
import type { Tree } from "../store/tree.ts"
import { Events } from "./events.ts"
import { recipeOf, trajectoryOf } from "./key.ts"
import { keysBefore, lastRunName } from "./last-run.ts"
import type { Lookup } from "./lookup.ts"
import type { Reason } from "./reason.ts"
import { Sources } from "./sources.ts"
import type { AnyNode } from "./stage.ts"
import { type Memory, trustedAmong } from "./verification.ts"

const jobTree = ({ root, files }: Tree): JobTree => ({ root, files })

/** Sources of all nodes above, each folder once. */
const treesAbove = Effect.fnUntraced(function* (node: AnyNode) {
  const sources = yield* Sources
  const trees = new Map<string, JobTree>()
  const seen = new Set<AnyNode>()
  const waiting = [...node.inputs.values()]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    waiting.push(...next.inputs.values())
    for (const tree of Object.values(yield* sources.of(next))) trees.set(tree.root, jobTree(tree))
  }
  return [...trees.values()]
})

export const executeNode = Effect.fnUntraced(function* (
  session: Memory & { readonly pipeline: string; readonly run: string },
  node: AnyNode,
  found: Lookup,
  reasons: ReadonlyArray<Reason>,
  inputs: Readonly<Record<string, string>>
) {
  const { pipeline, run } = session
  const store = yield* Store
  const events = yield* Events
  const startedAt = yield* Clock.currentTimeMillis
  const job: Job = {
    node: node.name,
    bundle: found.identity.bundle,
    store: store.root,
    params: node.stage.encodeParams(node.params),
    inputs,
    sources: Object.fromEntries(Object.entries(found.trees).map(([name, tree]) => [name, jobTree(tree)])),
    above: yield* treesAbove(node),
    trajectory: trajectoryOf(node, found.record),
    recipe: recipeOf(found.record),
    trusted: trustedAmong(session, Object.values(inputs)),
    fresh: reasons.some((reason) => reason._tag === "Forced")
  }
  const emit = (event: JobEvent): Effect.Effect<void> => {
    if (event._tag === "Progress")
      return events.emit({ _tag: "NodeProgress", node: node.name, progress: event.progress })
    if (event._tag === "UndeclaredRead")
      return events.emit({ _tag: "NodeUndeclaredRead", node: node.name, paths: event.paths })
    return events.emit({ _tag: event._tag === "Resumed" ? "NodeResumed" : "NodeCheckpointed", node: node.name })
  }
  yield* events.emit({ _tag: "NodeStarted", node: node.name, key: found.key, reasons })
  const output = yield* (yield* Executor).execute(node.stage, job, emit)
  const seconds = ((yield* Clock.currentTimeMillis) - startedAt) / 1000
  const { key, record, files, folders } = found
  // The trace last: whoever finds it finds the whole output.
  yield* store.traces.write(key, {
    key,
    record,
    output,
    files,
    folders,
    facts: { run, startedAt: new Date(startedAt).toISOString(), seconds }
  })
  const at = yield* Clock.currentTimeMillis
  const before = yield* keysBefore(pipeline, node.name, key)
  yield* store.lastRuns.write(lastRunName(pipeline, node.name), { key, record, files, folders, run, at, before })
  yield* events.emit({ _tag: "NodeFinished", node: node.name, output, seconds })
  return output
})
