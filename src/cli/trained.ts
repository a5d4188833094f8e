/** A network that a run trained, as the project's own commands get it: from the books of the store. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { nearest } from "../dag/suggest.ts"
import type { Readers } from "../store/blobs.ts"
import { listRuns, type NodeEntry, type RunBook, runBooks } from "../store/runs.ts"
import type { StoreShape } from "../store/store.ts"
import type { KeyRecord } from "../store/trace.ts"
import { findRun } from "./find-run.ts"

/** A node of a run whose output is in the store. */
export interface RunNode {
  readonly name: string
  readonly stage: string
  /** Digest of its output. */
  readonly digest: string
  /** What it was made with: parameters, and its inputs' digests. */
  readonly record: KeyRecord
}

export interface TrainedModel extends RunNode, Readers {
  readonly run: string
  readonly pipeline: string
  /** All nodes of that run that ended well, this one included. */
  readonly nodes: ReadonlyArray<RunNode>
}

export class NoTrainedModel extends Schema.TaggedError<NoTrainedModel>()("NoTrainedModel", {
  place: Schema.String,
  fault: Schema.String,
  mend: Schema.String
}) {
  override get message(): string {
    return `${this.place}: ${this.fault}\n  mend: ${this.mend}`
  }
}

/** Which network is meant. Without a run the latest that trained one, without a node the first of them. */
export interface ModelChoice {
  readonly pipeline: string | undefined
  readonly run: string | undefined
  readonly node: string | undefined
}

const trained = (book: RunBook, stage: string): ReadonlyArray<NodeEntry> =>
  book.nodes.filter((node) => node.stage === stage && node.output !== undefined && node.key !== undefined)

const latest = Effect.fnUntraced(function* (store: StoreShape, stage: string, { pipeline, node }: ModelChoice) {
  for (const name of (yield* listRuns(store.root)).toReversed()) {
    const book = yield* runBooks(store.root).read(name)
    if (book === undefined || (pipeline !== undefined && book.pipeline !== pipeline)) continue
    const found = trained(book, stage)
    if (found.some(({ name }) => node === undefined || name === node)) return book
  }
  return undefined
})

const nodesOf = Effect.fnUntraced(function* (store: StoreShape, book: RunBook) {
  const nodes: Array<RunNode> = []
  for (const { name, stage, key, output } of book.nodes) {
    if (key === undefined || output === undefined) continue
    const trace = yield* store.traces.read(key)
    if (trace !== undefined) nodes.push({ name, stage, digest: output.digest, record: trace.record })
  }
  return nodes
})

const chosen = (book: RunBook, stage: string, wanted: string | undefined) => {
  const candidates = trained(book, stage)
  const names = candidates.map(({ name }) => name)
  const found = wanted === undefined ? candidates[0] : candidates.find(({ name }) => name === wanted)
  if (found !== undefined) return Effect.succeed(found)
  const near = wanted === undefined ? undefined : nearest(wanted, names)
  const meant = near === undefined ? "" : `; did you mean ${near}?`
  return Effect.fail(
    new NoTrainedModel({
      place: wanted === undefined ? `run ${book.run}` : `--node ${wanted}`,
      fault: wanted === undefined ? "it trained no network" : `run ${book.run} trained no such network${meant}`,
      mend:
        names.length === 0 ? "choose another run: `runs` lists them" : `one of ${names.join(", ")}, or another --run`
    })
  )
}

/** The network that is meant, of those that nodes of `stage` trained. */
export const findTrained = Effect.fnUntraced(function* (store: StoreShape, stage: string, choice: ModelChoice) {
  const { run, node, pipeline } = choice
  const book =
    run === undefined
      ? ((yield* latest(store, stage, choice)) ?? (yield* latest(store, stage, { ...choice, node: undefined })))
      : yield* findRun(store.root, run)
  if (book === undefined) {
    const of = pipeline === undefined ? "" : ` of the pipeline ${pipeline}`
    return yield* new NoTrainedModel({
      place: store.root,
      fault: `no run${of} in this store has trained a network`,
      mend: "run a pipeline first, or name another store with --store"
    })
  }
  const entry = yield* chosen(book, stage, node)
  const nodes = yield* nodesOf(store, book)
  const own = nodes.find(({ name }) => name === entry.name)
  if (own === undefined || (yield* store.blobs.sizeOf(own.digest)) === undefined) {
    return yield* new NoTrainedModel({
      place: `${entry.name} of run ${book.run}`,
      fault: "its weights are no longer in the store",
      mend: "run the pipeline again with the settings of that run, or choose another run"
    })
  }
  const { read, open } = store.blobs
  return { ...own, run: book.run, pipeline: book.pipeline, nodes, read, open } satisfies TrainedModel
})
