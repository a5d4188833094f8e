/** Reads everything in a store and tells what is not as it was written. */
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { digestOfJson } from "../store/digest.ts"
import { listRuns, runBooks } from "../store/runs.ts"
import type { StoreShape } from "../store/store.ts"

export interface StoreHealth {
  readonly blobs: { readonly count: number; readonly bytes: number; readonly altered: number }
  /** Dangling: the output that it names is not there, so its node runs again. */
  readonly traces: { readonly count: number; readonly damaged: number; readonly dangling: number }
  readonly checkpoints: { readonly count: number; readonly damaged: number }
  readonly runs: { readonly count: number; readonly damaged: number }
  /** Files that were moved aside, now or before. */
  readonly aside: number
}

const namesBelow = (folder: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  })

const checkBlobs = Effect.fnUntraced(function* (store: StoreShape) {
  const digests = yield* namesBelow(join(store.root, "blobs"))
  let bytes = 0
  let altered = 0
  for (const digest of digests) {
    bytes += yield* Effect.promise(() =>
      stat(store.blobs.pathOf(digest)).then(
        ({ size }) => size,
        () => 0
      )
    )
    const sound = yield* store.blobs.verify(digest).pipe(
      Effect.as(true),
      Effect.catchTag("DamagedBlob", () => Effect.succeed(false))
    )
    if (!sound) altered++
  }
  return { count: digests.length, bytes, altered }
})

const checkTraces = Effect.fnUntraced(function* (store: StoreShape) {
  const files = yield* namesBelow(join(store.root, "traces"))
  let damaged = 0
  let dangling = 0
  for (const file of files) {
    const key = file.replace(/\.json$/u, "")
    const trace = yield* store.traces.read(key)
    if (trace === undefined || trace.key !== key || digestOfJson(trace.record) !== key) damaged++
    else if ((yield* store.blobs.sizeOf(trace.output.digest)) !== trace.output.size) dangling++
  }
  return { count: files.length, damaged, dangling }
})

const checkCheckpoints = Effect.fnUntraced(function* (store: StoreShape) {
  const names = yield* namesBelow(join(store.root, "checkpoints"))
  let damaged = 0
  for (const name of names) if (Option.isNone(yield* store.checkpoints.load(name))) damaged++
  return { count: names.length, damaged }
})

const checkRuns = Effect.fnUntraced(function* (store: StoreShape) {
  const names = yield* listRuns(store.root)
  let damaged = 0
  for (const name of names) if ((yield* runBooks(store.root).read(name)) === undefined) damaged++
  return { count: names.length, damaged }
})

/** What is damaged is moved aside on the way, as when it is met in a run. */
export const checkStore = Effect.fnUntraced(function* (store: StoreShape) {
  const blobs = yield* checkBlobs(store)
  const traces = yield* checkTraces(store)
  const checkpoints = yield* checkCheckpoints(store)
  const runs = yield* checkRuns(store)
  const aside = (yield* namesBelow(join(store.root, "damaged"))).length
  return { blobs, traces, checkpoints, runs, aside } satisfies StoreHealth
})

export const isSound = ({ blobs, traces, checkpoints, runs }: StoreHealth): boolean =>
  blobs.altered + traces.damaged + checkpoints.damaged + runs.damaged === 0
