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
import type { Output } from "../store/trace.ts"
import { CodeIdentity } from "./code-identity.ts"
import { Events } from "./events.ts"
import { noteLatest } from "./last-run.ts"
import { lookup } from "./lookup.ts"
import { type Built, nodesOf, type Pipeline } from "./pipeline.ts"
import type { Reason } from "./reason.ts"
import type { Selection } from "./select.ts"
import { adopt, CurrentSession, digestsOf, make, materialise, type NodeError, type Session } from "./session.ts"
import type { AnyNode } from "./stage.ts"
import type { Verification } from "./verification.ts"

export interface RunOptions {
  /** Name of this run in the store's books; never part of a key. */
  readonly run: string
  /** How many stages may work at the same time. */
  readonly concurrency: number
  /** Go on with what does not depend on a failed node. Otherwise what is under way ends, and nothing new begins. */
  readonly keepGoing?: boolean
  /** When the bytes of outputs are verified before they are used (default: once). */
  readonly verify?: Verification
  /** Which nodes may be made, and which are made whatever the store holds. Absent: all may be. */
  readonly selection?: Pick<Selection, "selected" | "forced">
}

export interface RunResult {
  /** In the pipeline's order, like all lists here. */
  readonly executed: ReadonlyArray<string>
  readonly hits: ReadonlyArray<string>
  readonly failed: ReadonlyArray<{ readonly node: string; readonly message: string }>
  readonly blocked: ReadonlyArray<string>
  /** Left out by the selection, and without an output in the store. */
  readonly leftOut: ReadonlyArray<string>
  readonly outputs: ReadonlyMap<string, Output>
  readonly seconds: number
}

/** False where the selection leaves the node out and the store has no output of it. */
const settle = Effect.fnUntraced(function* (
  node: AnyNode,
  selection: RunOptions["selection"],
  missed: ReadonlyArray<Reason> | undefined
) {
  const session = yield* CurrentSession
  if (selection?.forced.has(node.name)) {
    yield* make(node, [{ _tag: "Forced" }], true)
    return true
  }
  const { hit, reasons } =
    missed === undefined
      ? yield* lookup(session.pipeline, node, digestsOf(session, node))
      : { hit: undefined, reasons: missed }
  if (hit !== undefined) yield* adopt(node, hit)
  else if (selection === undefined || selection.selected.has(node.name)) yield* make(node, reasons)
  else return false
  return true
})

/**
 * Takes the hits, one after another: a look into the store is too short to be worth a fibre. Returns why the others that
 * were looked up must run; what cannot be looked up is left to its own turn, where it fails.
 */
const adoptHits = Effect.fnUntraced(function* (nodes: ReadonlyArray<AnyNode>, selection: RunOptions["selection"]) {
  const session = yield* CurrentSession
  const code = yield* CodeIdentity
  const missed = new Map<AnyNode, ReadonlyArray<Reason>>()
  const stages = new Map(nodes.map(({ stage }) => [stage.module, stage]))
  yield* Effect.forEach([...stages.values()], (stage) => Effect.ignore(code.of(stage)), { concurrency: 8 })
  for (const node of nodes) {
    const known = [...node.inputs.values()].every((input) => session.outputs.has(input.name))
    if (!known || selection?.forced.has(node.name)) continue
    const looked = lookup(session.pipeline, node, digestsOf(session, node))
    const found = yield* Effect.orElseSucceed(looked, () => undefined)
    if (found?.hit !== undefined) yield* adopt(node, found.hit)
    else if (found !== undefined) missed.set(node, found.reasons)
  }
  return missed
})

/** What an effect failed with, or undefined. An interruption goes on; a defect is a failure like another. */
const failureOf = <R>(effect: Effect.Effect<void, NodeError, R>): Effect.Effect<unknown, never, R> =>
  Effect.exit(effect).pipe(
    Effect.flatMap((exit): Effect.Effect<unknown> => {
      if (Exit.isSuccess(exit)) return Effect.succeed(undefined)
      return Cause.hasInterruptsOnly(exit.cause) ? Effect.interrupt : Effect.succeed(Cause.squash(exit.cause))
    })
  )

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const isNotBegun = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "NotBegun"

export const run = Effect.fnUntraced(function* (pipeline: Pick<Pipeline, "name">, built: Built, options: RunOptions) {
  const events = yield* Events
  const startedAt = yield* Clock.currentTimeMillis
  const nodes = nodesOf(built.targets)
  const failed: Array<{ node: string; message: string }> = []
  const blocked = new Set<string>()
  const leftOut = new Set<string>()
  const session: Session = {
    pipeline: pipeline.name,
    run: options.run,
    permits: yield* Semaphore.make(options.concurrency),
    stopped: () => failed.length > 0 && options.keepGoing !== true,
    outputs: new Map(),
    keys: new Map(),
    executed: new Set(),
    hits: new Set(),
    verify: options.verify ?? "once",
    trusted: new Map()
  }
  const done = new Map<AnyNode, Deferred.Deferred<boolean>>()

  const fail = (node: AnyNode, error: unknown) => {
    failed.push({ node: node.name, message: messageOf(error) })
    return events.emit({ _tag: "NodeFailed", node: node.name, error: messageOf(error) })
  }
  const block = (node: AnyNode, below: ReadonlyArray<string>) => {
    blocked.add(node.name)
    return events.emit({ _tag: "NodeBlocked", node: node.name, below })
  }
  /** True where the node's output is known. */
  const attempt = Effect.fnUntraced(function* (node: AnyNode, missed: ReadonlyArray<Reason> | undefined) {
    const below: Array<string> = []
    for (const input of new Set(node.inputs.values())) {
      const settled = done.get(input)
      if (settled !== undefined && !(yield* Deferred.await(settled))) below.push(input.name)
    }
    if (below.length > 0) return yield* Effect.as(block(node, below), false)
    const error = yield* failureOf(
      Effect.map(settle(node, options.selection, missed), (settled) => {
        if (!settled) leftOut.add(node.name)
      })
    )
    if (error === undefined) return !leftOut.has(node.name)
    return yield* Effect.as(isNotBegun(error) ? block(node, []) : fail(node, error), false)
  })

  yield* events.emit({
    _tag: "RunStarted",
    run: options.run,
    pipeline: pipeline.name,
    nodes: nodes.map((node) => node.name)
  })
  yield* Effect.gen(function* () {
    const missed = yield* adoptHits(nodes, options.selection)
    const rest = nodes.filter((node) => !session.outputs.has(node.name))
    for (const node of rest) done.set(node, yield* Deferred.make<boolean>())
    yield* Effect.forEach(
      rest,
      (node) => Effect.flatMap(attempt(node, missed.get(node)), (ok) => Deferred.succeed(done.get(node)!, ok)),
      { concurrency: "unbounded", discard: true }
    )
    const { conclusion } = built
    if (conclusion === undefined || !session.outputs.has(conclusion.node.name)) return
    const error = yield* failureOf(materialise(conclusion.node))
    if (error !== undefined) yield* fail(conclusion.node, error)
  }).pipe(
    Effect.provideService(CurrentSession, session),
    // However it ends: what was used is what the next run is compared with.
    Effect.ensuring(Effect.ignore(Effect.suspend(() => noteLatest(pipeline.name, options.run, session.keys))))
  )

  const inOrder = (names: { readonly has: (name: string) => boolean }) =>
    nodes.map((node) => node.name).filter((name) => names.has(name))
  return {
    executed: inOrder(session.executed),
    hits: inOrder(session.hits),
    failed,
    blocked: inOrder(blocked),
    leftOut: inOrder(leftOut),
    outputs: new Map(inOrder(session.outputs).map((name) => [name, session.outputs.get(name)!])),
    seconds: ((yield* Clock.currentTimeMillis) - startedAt) / 1000
  } satisfies RunResult
})
