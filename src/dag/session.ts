/** The state of one run, and its two verbs: make a node's output, and see to it that an output can be read. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import type { Executor, JobError } from "../executor/executor.ts"
import type { StoreError } from "../store/error.ts"
import type { Sighting } from "../store/leases.ts"
import { Store } from "../store/store.ts"
import type { Output, Trace } from "../store/trace.ts"
import type { SourceMissing } from "../store/tree.ts"
import type { CodeIdentity } from "./code-identity.ts"
import type { CodeError } from "./errors.ts"
import { Events } from "./events.ts"
import { executeNode } from "./execute.ts"
import { lookup } from "./lookup.ts"
import type { Reason } from "./reason.ts"
import type { Sources } from "./sources.ts"
import { type AnyNode, readsBytes } from "./stage.ts"
import { faultOf, type Memory, trustWritten } from "./verification.ts"

export type NodeError = JobError | StoreError | SourceMissing | CodeError | NotBegun
export type EngineServices = Store | CodeIdentity | Sources | Executor | Events
type Work = Effect.Effect<void, NodeError, EngineServices | CurrentSession>

/** How long a run waits before it looks again at a key that another run works on. */
const glance = "200 millis"

/** The run stops, after a failure elsewhere, before this node was begun. */
export class NotBegun extends Schema.TaggedError<NotBegun>()("NotBegun", { node: Schema.String }) {}

/** What a run knows so far. */
export interface Session extends Memory {
  readonly pipeline: string
  readonly run: string
  /** Held while a stage works, never while one waits for another run. */
  readonly permits: Semaphore.Semaphore
  /** True once nothing new is to be begun. */
  readonly stopped: () => boolean
  readonly outputs: Map<string, Output>
  /** Of the nodes whose outputs are known. */
  readonly keys: Map<string, string>
  readonly executed: Set<string>
  readonly hits: Set<string>
}

export class CurrentSession extends Context.Service<CurrentSession, Session>()("dermograph/Session") {}

export const digestsOf = (session: Session, node: AnyNode): Record<string, string> =>
  Object.fromEntries([...node.inputs].map(([name, input]) => [name, session.outputs.get(input.name)!.digest]))

export const adopt = Effect.fnUntraced(function* (node: AnyNode, { key, output, facts }: Trace) {
  const session = yield* CurrentSession
  session.outputs.set(node.name, output)
  session.keys.set(node.name, key)
  session.hits.add(node.name)
  yield* (yield* Events).emit({ _tag: "NodeHit", node: node.name, key, output, seconds: facts.seconds })
})

/** Runs the stage under its lease. Another run may have been quicker: then its result is taken. */
const workUnder: (node: AnyNode, reasons: ReadonlyArray<Reason>, remake: boolean) => Work = Effect.fnUntraced(
  function* (node, reasons, remake) {
    const session = yield* CurrentSession
    for (const [name, input] of node.inputs) if (readsBytes(node.stage, name)) yield* materialise(input)
    const inputs = digestsOf(session, node)
    const found = yield* lookup(session.pipeline, node, inputs)
    if (found.hit !== undefined && !remake) return yield* adopt(node, found.hit)
    const output = yield* executeNode(session, node, found, reasons, inputs)
    session.outputs.set(node.name, output)
    session.keys.set(node.name, found.key)
    yield* trustWritten(session, output.digest)
    session.hits.delete(node.name)
    session.executed.add(node.name)
  }
)

/** One attempt at the lease of `key`, and the work where it is got. Returns who has it where it is not. */
const attemptUnderLease = (node: AnyNode, key: string, seen: Sighting | undefined, work: Work) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const session = yield* CurrentSession
      const store = yield* Store
      if (session.stopped()) return yield* new NotBegun({ node: node.name })
      const attempt = yield* store.leases.attempt(key, session.run, seen)
      if (attempt._tag === "Held") return attempt
      yield* restore(work).pipe(Effect.ensuring(store.leases.release(attempt.lease)))
      return undefined
    })
  )

/**
 * Makes the node's output, unless another run does: then waits for it and takes the result. `force`: even where the
 * store has a trace of it.
 */
export const make = Effect.fnUntraced(function* (node: AnyNode, reasons: ReadonlyArray<Reason>, force = false) {
  const session = yield* CurrentSession
  const events = yield* Events
  let seen: Sighting | undefined
  for (;;) {
    const { key, hit } = yield* lookup(session.pipeline, node, digestsOf(session, node))
    if (hit !== undefined && !force) return yield* adopt(node, hit)
    const attempt = attemptUnderLease(node, key, seen, workUnder(node, reasons, force))
    const held = yield* Semaphore.withPermit(session.permits, attempt)
    if (held === undefined) return
    if (seen === undefined) yield* events.emit({ _tag: "NodeWaiting", node: node.name, key, owner: held.owner ?? null })
    seen = held.sighting
    yield* Effect.sleep(glance)
  }
})

/**
 * Makes sure that the bytes of a settled node's output can be read: a damaged output is made anew, within the permit of
 * the node that needs it.
 */
export const materialise: (node: AnyNode) => Work = Effect.fnUntraced(function* (node: AnyNode) {
  const session = yield* CurrentSession
  let seen: Sighting | undefined
  for (;;) {
    const output = session.outputs.get(node.name)!
    const fault = yield* faultOf(session, output)
    if (fault === undefined) return
    const { digest } = output
    const reason: Reason = { _tag: fault === "missing" ? "OutputMissing" : "OutputAltered", digest }
    const { key } = yield* lookup(session.pipeline, node, digestsOf(session, node))
    const held = yield* attemptUnderLease(node, key, seen, workUnder(node, [reason], true))
    if (held === undefined) return
    seen = held.sighting
    yield* Effect.sleep(glance)
  }
})
