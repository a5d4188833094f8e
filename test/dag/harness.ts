/** A small world for tests of the engine: a store in a temporary folder, code identities given by hand, events kept. */
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Layer } from "effect"
import { CodeIdentity, type Identity } from "../../src/dag/code-identity.ts"
import { type Event, Events } from "../../src/dag/events.ts"
import { lookup } from "../../src/dag/lookup.ts"
import { plan } from "../../src/dag/plan.ts"
import { type RunOptions, run } from "../../src/dag/run.ts"
import { Sources } from "../../src/dag/sources.ts"
import type { AnyNode } from "../../src/dag/stage.ts"
import type { Executor } from "../../src/executor/executor.ts"
import { layer as inProcess } from "../../src/executor/in-process.ts"
import { openStore, Store } from "../../src/store/store.ts"

/** In memory where the system has such a place: tests write thousands of small files, each flushed. */
const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()

export const temporaryFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(base, "dermograph-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Stage name → anything that stands for its code. */
export type Code = Readonly<Record<string, Partial<Identity>>>

export interface World {
  readonly store: string
  readonly events: Array<Event>
  code: Code
}

export const world = (store: string): World => ({ store, events: [], code: {} })

const services = (w: World, executor: Layer.Layer<Executor> = inProcess) =>
  Layer.mergeAll(
    Sources.layer,
    executor,
    Events.layer((event) => void w.events.push(event)),
    Layer.succeed(CodeIdentity, {
      of: (stage) =>
        Effect.succeed({ code: `code of ${stage.name}`, files: {}, packages: {}, bundle: "", ...w.code[stage.name] })
    })
  ).pipe(Layer.provideMerge(Store.layer(w.store)))

const pipeline = { name: "test" }

export const runIn = (
  w: World,
  targets: ReadonlyArray<AnyNode>,
  { executor, ...options }: Partial<Omit<RunOptions, "run">> & { readonly executor?: Layer.Layer<Executor> } = {}
) => {
  w.events.length = 0
  return run(pipeline, { targets }, { run: "r", concurrency: 2, ...options }).pipe(
    Effect.provide(services(w, executor))
  )
}

export const planIn = (w: World, targets: ReadonlyArray<AnyNode>) =>
  plan(pipeline, targets).pipe(Effect.provide(services(w)))

export const keyIn = (w: World, node: AnyNode, inputs: Readonly<Record<string, string>>) =>
  lookup(pipeline.name, node, inputs).pipe(
    Effect.map(({ key }) => key),
    Effect.provide(services(w))
  )

export const storeOf = (w: World) => openStore(w.store)

/** The reasons that a node was started for, by tag. */
export const reasonsOf = (w: World, node: string): ReadonlyArray<string> =>
  w.events.flatMap((event) =>
    event._tag === "NodeStarted" && event.node === node ? event.reasons.map((reason) => reason._tag) : []
  )
