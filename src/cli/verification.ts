/** Makes a reused output again, elsewhere, from the same inputs, and compares the bytes. */
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import type { Event } from "../dag/events.ts"
import { lookup } from "../dag/lookup.ts"
import { nodesOf } from "../dag/pipeline.ts"
import { inputDigests } from "../dag/plan.ts"
import { run } from "../dag/run.ts"
import type { AnyNode } from "../dag/stage.ts"
import { openStore, Store } from "../store/store.ts"
import type { Trace } from "../store/trace.ts"
import { running } from "./engine.ts"

export interface Verified {
  readonly node: string
  readonly verdict: "same" | "different" | "failed"
  readonly stored: string
  /** Digest of what was made now. */
  readonly again: string | null
  readonly error: string | null
}

const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "dermograph-verify-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/** Traces of the hits among the nodes: all of them, above a hit. */
const tracesOf = Effect.fnUntraced(function* (pipeline: string, nodes: ReadonlyArray<AnyNode>) {
  const outputs = new Map<string, string>()
  const traces = new Map<string, Trace>()
  for (const node of nodes) {
    const inputs = inputDigests(node, outputs)
    const hit = inputs === undefined ? undefined : (yield* lookup(pipeline, node, inputs)).hit
    if (hit === undefined) continue
    outputs.set(node.name, hit.output.digest)
    traces.set(node.name, hit)
  }
  return traces
})

/** A store that knows the given traces; their outputs are links into the first one. It has no checkpoints. */
const seed = Effect.fnUntraced(function* (path: string, traces: Iterable<Trace>) {
  const from = yield* Store
  const to = yield* openStore(path)
  for (const trace of traces) {
    yield* to.traces.write(trace.key, trace)
    const { digest } = trace.output
    yield* Effect.promise(async () => {
      await mkdir(dirname(to.blobs.pathOf(digest)), { recursive: true })
      await symlink(from.blobs.pathOf(digest), to.blobs.pathOf(digest)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error
      })
    })
  }
})

/** The node alone is made again: what is above it is taken from the store. Undefined where it is no hit. */
export const verifyNode = Effect.fnUntraced(function* (
  pipeline: string,
  root: string,
  node: AnyNode,
  emit: (event: Event) => void
) {
  const traces = yield* tracesOf(pipeline, nodesOf([node]))
  const own = traces.get(node.name)
  if (own === undefined) return undefined
  const stored = own.output.digest
  const above = [...traces.values()].filter((trace) => trace !== own && trace.output.digest !== stored)
  const result = yield* Effect.scoped(
    Effect.gen(function* () {
      const elsewhere = yield* temporaryFolder
      yield* seed(elsewhere, above)
      const options = { run: "verify", concurrency: 1 }
      return yield* run({ name: pipeline }, { targets: [node] }, options).pipe(
        Effect.provide(running(root, elsewhere, emit))
      )
    })
  )
  const again = result.outputs.get(node.name)?.digest ?? null
  const error = result.failed[0]?.message ?? null
  return {
    node: node.name,
    verdict: again === null ? "failed" : again === stored ? "same" : "different",
    stored,
    again,
    error
  } satisfies Verified
})
