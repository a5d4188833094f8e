/**
 * Runs a pipeline: applicative tasks, a topological scheduler, shallow constructive traces ("Build systems à la carte").
 * Independent nodes run side by side; each is looked up once its inputs' digests are known, so an input that was made
 * again to the same bytes stops the rerun there.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Semaphore from "effect/Semaphore"
import type { Executor } from "../executor/executor.ts"
import { Store } from "../store/store.ts"
import type { Output } from "../store/trace.ts"
import type { CodeIdentity } from "./code-identity.ts"
import { Events } from "./events.ts"
import { executeNode } from "./execute.ts"
import { lookup } from "./lookup.ts"
import { type Built, nodesOf, type Pipeline } from "./pipeline.ts"
import type { Reason } from "./reason.ts"
import type { Sources } from "./sources.ts"
import type { AnyNode } from "./stage.ts"

export interface RunOptions {
  /** Name of this run in the store's books; never part of a key. */
  readonly run: string
  /** How many stages may work at the same time. */
  readonly concurrency: number
  /** Go on with what does not depend on a failed node. */
  readonly keepGoing?: boolean
}

export interface RunResult {
  readonly executed: ReadonlyArray<string>
  readonly hits: ReadonlyArray<string>
  readonly failed: ReadonlyArray<{ readonly node: string; readonly message: string }>
  readonly blocked: ReadonlyArray<string>
  readonly outputs: ReadonlyMap<string, Output>
  readonly seconds: number
}

/** What an exit failed with; an interruption goes on as one. */
const faultOf = (exit: Exit.Failure<unknown, unknown>): Effect.Effect<unknown> =>
  Cause.hasInterruptsOnly(exit.cause) ? Effect.interrupt : Effect.succeed(Cause.squash(exit.cause))

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A node that cannot run because one above it did not succeed. */
class Blocked {
  readonly _tag = "Blocked"
}

export const run = Effect.fnUntraced(function* (pipeline: Pick<Pipeline, "name">, built: Built, options: RunOptions) {
  const services = yield* Effect.context<Store | CodeIdentity | Sources | Executor | Events>()
  const store = yield* Store
  const events = yield* Events
  const startedAt = yield* Clock.currentTimeMillis
  const nodes = nodesOf(built.targets)
  const permits = yield* Semaphore.make(options.concurrency)
  const outputs = new Map<string, Output>()
  const executed: Array<string> = []
  const hits = new Set<string>()
  const failed: Array<{ node: string; message: string }> = []
  const blocked: Array<string> = []
  const verified = new Set<string>()
  const remaking = new Map<string, Deferred.Deferred<Output, unknown>>()
  yield* events.emit({ _tag: "RunStarted", run: options.run, pipeline: pipeline.name, nodes: nodes.map((n) => n.name) })

  const digestsOf = (node: AnyNode): Record<string, string> =>
    Object.fromEntries([...node.inputs].map(([name, input]) => [name, outputs.get(input.name)!.digest]))

  /** Makes sure that the bytes of a node's output can be read, making them anew where they are damaged. */
  const materialise = (node: AnyNode): Effect.Effect<void, unknown> =>
    Effect.gen(function* () {
      const output = outputs.get(node.name)!
      if (verified.has(output.digest)) return
      const fault = yield* store.blobs.verify(output.digest).pipe(
        Effect.as(undefined),
        Effect.catchTag("DamagedBlob", (error) => Effect.succeed(error.fault))
      )
      if (fault === undefined) return void verified.add(output.digest)
      const tag = fault === "missing" ? "OutputMissing" : "OutputAltered"
      const waiting = remaking.get(node.name)
      if (waiting !== undefined) return void (yield* Deferred.await(waiting))
      const mine = yield* Deferred.make<Output, unknown>()
      remaking.set(node.name, mine)
      yield* Effect.exit(make(node, [{ _tag: tag, digest: output.digest }])).pipe(
        Effect.tap((exit) => Deferred.done(mine, exit))
      )
      yield* Deferred.await(mine)
    })

  /** Runs the stage, whatever the store holds. */
  const make = (node: AnyNode, reasons: ReadonlyArray<Reason>): Effect.Effect<Output, unknown> =>
    Effect.gen(function* () {
      for (const input of node.inputs.values()) yield* materialise(input)
      const found = yield* lookup(pipeline.name, node, digestsOf(node))
      const output = yield* executeNode(pipeline.name, options.run, node, found, reasons, digestsOf(node))
      outputs.set(node.name, output)
      verified.add(output.digest)
      hits.delete(node.name)
      if (!executed.includes(node.name)) executed.push(node.name)
      return output
    }).pipe(Effect.provideContext(services))

  const stopped = () => failed.length > 0 && options.keepGoing !== true

  const settle = (node: AnyNode): Effect.Effect<void, unknown> =>
    Effect.gen(function* () {
      const found = yield* lookup(pipeline.name, node, digestsOf(node))
      if (found.hit !== undefined) {
        outputs.set(node.name, found.hit.output)
        hits.add(node.name)
        return yield* events.emit({ _tag: "NodeHit", node: node.name, output: found.hit.output })
      }
      yield* Semaphore.withPermit(
        permits,
        Effect.suspend(() => (stopped() ? Effect.fail(new Blocked()) : make(node, found.reasons)))
      )
    }).pipe(Effect.provideContext(services))

  const done = new Map<string, Deferred.Deferred<boolean>>()
  for (const node of nodes) done.set(node.name, yield* Deferred.make<boolean>())

  const attempt = Effect.fnUntraced(function* (node: AnyNode) {
    const below: Array<string> = []
    for (const input of new Set(node.inputs.values())) {
      if (!(yield* Deferred.await(done.get(input.name)!))) below.push(input.name)
    }
    const block = Effect.suspend(() => {
      blocked.push(node.name)
      return events.emit({ _tag: "NodeBlocked", node: node.name, below })
    })
    if (below.length > 0) {
      yield* block
      return false
    }
    const exit = yield* Effect.exit(settle(node))
    if (Exit.isSuccess(exit)) return true
    const error = yield* faultOf(exit)
    if (error instanceof Blocked) {
      yield* block
      return false
    }
    failed.push({ node: node.name, message: messageOf(error) })
    yield* events.emit({ _tag: "NodeFailed", node: node.name, error: messageOf(error) })
    return false
  })

  yield* Effect.forEach(
    nodes,
    (node) => attempt(node).pipe(Effect.tap((ok) => Deferred.succeed(done.get(node.name)!, ok))),
    { concurrency: "unbounded", discard: true }
  )
  if (built.conclusion !== undefined && failed.length === 0) {
    const node = built.conclusion.node
    const exit = yield* Effect.exit(materialise(node))
    if (Exit.isFailure(exit)) failed.push({ node: node.name, message: messageOf(yield* faultOf(exit)) })
  }
  const seconds = ((yield* Clock.currentTimeMillis) - startedAt) / 1000
  const order = new Map(nodes.map((node, at) => [node.name, at]))
  const inOrder = (names: Iterable<string>) => [...names].sort((a, b) => order.get(a)! - order.get(b)!)
  return {
    executed: inOrder(executed),
    hits: inOrder(hits),
    failed,
    blocked: inOrder(blocked),
    outputs: new Map(inOrder(outputs.keys()).map((name) => [name, outputs.get(name)!])),
    seconds
  } satisfies RunResult
})
