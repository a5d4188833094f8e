/** The books: what each run was, one document a run. Its nodes name the traces that they used or wrote. */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Documents, makeDocuments } from "./documents.ts"
import { isNotFound, type StoreError, storeError } from "./error.ts"
import { Output } from "./trace.ts"

export const NodeEntry = Schema.Struct({
  name: Schema.String,
  stage: Schema.String,
  state: Schema.Literals(["executed", "hit", "failed", "blocked", "left-out", "unfinished"]),
  /** Names the trace that holds the key record; absent where the inputs were never known. */
  key: Schema.optionalKey(Schema.String),
  output: Schema.optionalKey(Output),
  /** How long the work took in this run. */
  seconds: Schema.optionalKey(Schema.Finite),
  error: Schema.optionalKey(Schema.String)
})
export type NodeEntry = typeof NodeEntry.Type

/** A node of the critical path and how long it worked. */
export const CriticalNode = Schema.Struct({ node: Schema.String, seconds: Schema.Finite })
export type CriticalNode = typeof CriticalNode.Type

export const RunBook = Schema.Struct({
  format: Schema.Literal(1),
  run: Schema.String,
  pipeline: Schema.String,
  startedAt: Schema.String,
  seconds: Schema.Finite,
  outcome: Schema.Literals(["succeeded", "failed", "interrupted"]),
  /** All settings in their encoded form, defaults included. */
  settings: Schema.Json,
  nodes: Schema.Array(NodeEntry),
  verdict: Schema.NullOr(Schema.String),
  report: Schema.NullOr(Schema.String),
  version: Schema.String,
  /** Path of the run's Chrome trace. */
  timeline: Schema.optionalKey(Schema.String),
  criticalPath: Schema.optionalKey(Schema.Array(CriticalNode))
})
export type RunBook = typeof RunBook.Type

export const runBooks = (root: string): Documents<RunBook> => makeDocuments(root, "runs", RunBook)

/** The names of all runs in the books, oldest first: a name begins with the time. */
export const listRuns = (root: string): Effect.Effect<ReadonlyArray<string>, StoreError> => {
  const folder = join(root, "runs")
  return Effect.tryPromise({ try: () => readdir(folder), catch: storeError("list", folder) }).pipe(
    Effect.catch((error) => (isNotFound(error) ? Effect.succeed([]) : Effect.fail(error))),
    Effect.map((names) =>
      names
        .filter((name) => name.endsWith(".json"))
        .map((name) => name.slice(0, -".json".length))
        .sort()
    )
  )
}
