/** The store: content-addressed blobs, traces, checkpoints and indices in one folder (`cache/` by default). */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Blobs, makeBlobs } from "./blobs.ts"
import { type Checkpoints, makeCheckpoints } from "./checkpoints.ts"
import { type Documents, makeDocuments } from "./documents.ts"
import { type StoreError, StoreVersionError, storeError } from "./error.ts"
import { type Leases, makeLeases } from "./leases.ts"
import { LastRun, Latest, Trace } from "./trace.ts"

const format = 1

export interface StoreShape {
  readonly root: string
  readonly blobs: Blobs
  /** By key. */
  readonly traces: Documents<Trace>
  /** By `pipeline/node`. */
  readonly lastRuns: Documents<LastRun>
  /** Of a pipeline, as it was when this store was opened and first asked. */
  readonly latest: (pipeline: string) => Effect.Effect<Latest | undefined, StoreError>
  readonly noteLatest: (pipeline: string, latest: Latest) => Effect.Effect<void, StoreError>
  readonly checkpoints: Checkpoints
  readonly leases: Leases
}

export class Store extends Context.Service<Store, StoreShape>()("dermograph/Store") {
  static readonly layer = (path: string): Layer.Layer<Store, StoreError | StoreVersionError> =>
    Layer.effect(Store, openStore(path))
}

/** File name of a node's last run: node names may hold characters that file systems refuse. */
const lastRunFile = (name: string) => `${name.split("/").map(encodeURIComponent).join("/")}.json`

const checkFormat = (root: string): Effect.Effect<void, StoreError | StoreVersionError> =>
  Effect.gen(function* () {
    const path = join(root, "format")
    const found = yield* Effect.try({
      try: () => {
        mkdirSync(root, { recursive: true })
        try {
          return readFileSync(path, "utf8").trim()
        } catch {
          writeFileSync(path, `${format}\n`)
          return String(format)
        }
      },
      catch: storeError("open", root)
    })
    if (found !== String(format)) return yield* new StoreVersionError({ path: root, found, supported: format })
  })

/** Opens the store at `path`, made when it is not there. */
export const openStore = Effect.fnUntraced(function* (path: string) {
  const root = resolve(path)
  yield* checkFormat(root)
  const latest = makeDocuments(root, "latest", Latest, { fileOf: lastRunFile })
  const asked = new Map<string, Latest | undefined>()
  return Store.of({
    root,
    blobs: makeBlobs(root),
    traces: makeDocuments(root, "traces", Trace, {
      fileOf: (key) => join(key.slice(0, 2), `${key}.json`),
      sealed: true
    }),
    lastRuns: makeDocuments(root, "last-runs", LastRun, { fileOf: lastRunFile }),
    latest: (pipeline) =>
      asked.has(pipeline)
        ? Effect.succeed(asked.get(pipeline))
        : Effect.tap(latest.read(pipeline), (found) => Effect.sync(() => asked.set(pipeline, found))),
    noteLatest: latest.write,
    checkpoints: makeCheckpoints(root),
    leases: makeLeases(root)
  })
})
