/**
 * Collection of garbage. Roots are runs in the books; what they used or made is kept, with whatever is so young that a
 * run under way may be about to need it. Traces go before the outputs that they name, so that a collection cut off in
 * the middle leaves no trace of an output that is gone. Reports are nobody's garbage: they are counted, and stay.
 */
import * as fs from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { standingsFolder } from "./checkpoints.ts"
import { isNotFound, type StoreError, storeError } from "./error.ts"
import { countReports } from "./reports.ts"
import type { RunBook } from "./runs.ts"
import type { StoreShape } from "./store.ts"

export interface Item {
  readonly path: string
  readonly size: number
}

export interface Garbage {
  readonly traces: ReadonlyArray<Item>
  readonly blobs: ReadonlyArray<Item>
  readonly checkpoints: ReadonlyArray<Item>
  /** Drafts of writes that were cut off, and what is told of checkpoints that are gone. */
  readonly temporary: ReadonlyArray<Item>
}

export interface Collection {
  readonly garbage: Garbage
  readonly kept: {
    readonly runs: number
    readonly blobs: number
    readonly bytes: number
    readonly reports: { readonly count: number; readonly bytes: number }
  }
}

interface Found extends Item {
  readonly name: string
  /** Milliseconds. */
  readonly changedAt: number
}

/** Younger than this is never garbage, in milliseconds. */
const grace = 3_600_000

/** All files below a folder; none where there is no folder. */
const filesBelow = (folder: string): Effect.Effect<ReadonlyArray<Found>, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      const found: Array<Found> = []
      for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        const stat = await fs.stat(path).catch(() => undefined)
        if (stat !== undefined) found.push({ path, name: entry.name, size: stat.size, changedAt: stat.mtimeMs })
      }
      return found
    },
    catch: storeError("list", folder)
  }).pipe(Effect.catch((error) => (isNotFound(error) ? Effect.succeed([]) : Effect.fail(error))))

const item = ({ path, size }: Found): Item => ({ path, size })

/** Keys and outputs of the nodes of the roots. */
const needs = (roots: ReadonlyArray<RunBook>) => {
  const nodes = roots.flatMap(({ nodes }) => nodes)
  return {
    traces: new Set(nodes.flatMap(({ key }) => (key === undefined ? [] : [`${key}.json`]))),
    blobs: new Set(nodes.flatMap(({ output }) => (output === undefined ? [] : [output.digest])))
  }
}

/** What no root needs. `now` in milliseconds. Nothing is removed. */
export const findGarbage = Effect.fnUntraced(function* (
  store: StoreShape,
  roots: ReadonlyArray<RunBook>,
  now: number
): Effect.fn.Return<Collection, StoreError> {
  const needed = needs(roots)
  const old = ({ changedAt }: Found) => now - changedAt > grace
  const at = (folder: string) => filesBelow(join(store.root, folder))
  const blobs = yield* at("blobs")
  const unused = blobs.filter((file) => old(file) && !needed.blobs.has(file.name))
  // A checkpoint does not tell whose it is: those written since the oldest root began may serve it.
  const oldest = Math.min(now, ...roots.map(({ startedAt }) => Date.parse(startedAt)))
  const gone = new Set(unused)
  const rest = blobs.filter((file) => !gone.has(file))
  const checkpoints = yield* at("checkpoints")
  const dropped = checkpoints.filter((file) => old(file) && file.changedAt < oldest)
  const isKept = (name: string) => checkpoints.some((file) => file.name === name && !dropped.includes(file))
  const told = (yield* at(standingsFolder)).filter(({ name }) => !isKept(name.replace(/\.json$/u, "")))
  return {
    garbage: {
      traces: (yield* at("traces")).filter((file) => old(file) && !needed.traces.has(file.name)).map(item),
      blobs: unused.map(item),
      checkpoints: dropped.map(item),
      temporary: [...(yield* at("tmp")), ...told].filter(old).map(item)
    },
    kept: {
      runs: roots.length,
      blobs: rest.length,
      bytes: rest.reduce((sum, { size }) => sum + size, 0),
      reports: countReports(yield* at("reports"))
    }
  }
})

/** Removes it, traces first. */
export const collect = Effect.fnUntraced(function* (garbage: Garbage): Effect.fn.Return<void, StoreError> {
  for (const { path } of [...garbage.traces, ...garbage.blobs, ...garbage.checkpoints, ...garbage.temporary]) {
    yield* Effect.tryPromise({ try: () => fs.rm(path, { force: true }), catch: storeError("remove", path) })
  }
})
