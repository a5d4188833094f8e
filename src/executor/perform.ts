/** Performs one job in this process: decode inputs, run the stage, write its output. Every executor ends up here. */
import * as fs from "node:fs/promises"
import { join } from "node:path"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { StageFailed } from "../dag/errors.ts"
import {
  Checkpoint,
  FileChanged,
  ItemCache,
  OutputFile,
  Progress,
  SourceFiles,
  type StageProgress
} from "../dag/services.ts"
import type { AnyStage, StageFault } from "../dag/stage.ts"
import type { Standing } from "../store/checkpoints.ts"
import { digestOf } from "../store/digest.ts"
import { openItems } from "../store/items.ts"
import { openStore, type Store } from "../store/store.ts"
import { type Draft, isDraft, writeDraft } from "../store/stored-bytes.ts"
import type { Output } from "../store/trace.ts"
import type { Job, JobError, JobEvent } from "./executor.ts"
import { sourceLines } from "./source-lines.ts"

type Emit = (event: JobEvent) => Effect.Effect<void>

/** Groups `input.key` digests, reads and decodes each. */
const readInputs = Effect.fnUntraced(function* (store: typeof Store.Service, stage: AnyStage, job: Job) {
  const values: Record<string, unknown> = {}
  const below = (name: string) =>
    Object.entries(job.inputs)
      .filter(([key]) => key.startsWith(`${name}.`))
      .map(([key, digest]) => [key.slice(name.length + 1), digest] as const)
  for (const [name, input] of Object.entries(stage.inputs)) {
    if (input._tag === "References") {
      values[name] = Object.fromEntries(below(name))
      continue
    }
    const { stored, decode } = input.artifact
    const read = Effect.fnUntraced(function* (digest: string) {
      const trusted = job.trusted[digest] !== undefined && job.trusted[digest] === (yield* store.blobs.stampOf(digest))
      const readers = trusted ? store.blobs.unverified : store.blobs
      return yield* stored ? readers.open(digest) : Effect.map(readers.read(digest), decode)
    })
    if (input._tag === "Many") {
      const collection: Record<string, unknown> = {}
      for (const [key, digest] of below(name)) collection[key] = yield* read(digest)
      values[name] = collection
    } else {
      const digest = job.inputs[name]
      values[name] = digest === undefined ? undefined : yield* read(digest)
    }
  }
  return values
})

const sourceFiles = (job: Job): typeof SourceFiles.Service => {
  const places = new Map<string, string>()
  for (const tree of [...job.above, ...Object.values(job.sources)]) {
    for (const file of tree.files) places.set(file.digest, join(tree.root, file.path))
  }
  return {
    list: (source) => job.sources[source]?.files ?? [],
    read: Effect.fnUntraced(function* (digest: string) {
      const path = places.get(digest)
      if (path === undefined)
        return yield* new FileChanged({ path: digest, reason: "no source has a file of this digest" })
      const bytes = yield* Effect.tryPromise({
        try: () => fs.readFile(path),
        catch: () => new FileChanged({ path, reason: "can no longer be read" })
      })
      if (digestOf(bytes) !== digest) return yield* new FileChanged({ path, reason: "has other contents" })
      return bytes
    })
  }
}

/** The counts of a moment: what of its figures is a whole number, such as the epoch. */
const standingOf = ({ completed, unit, metrics = {} }: StageProgress): Standing => ({
  completed,
  unit,
  counts: Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isInteger(value)))
})

/** Progress and checkpoints of the work; a checkpoint is kept with what was reported last before it. */
const reports = (store: typeof Store.Service, job: Job, emit: Emit) => {
  let latest: StageProgress | undefined
  const progress: typeof Progress.Service = {
    report: (progress) => {
      latest = progress
      return emit({ _tag: "Progress", progress })
    }
  }
  const checkpoint: typeof Checkpoint.Service = {
    load: (job.fresh ? Effect.succeed(Option.none()) : store.checkpoints.load(job.trajectory)).pipe(
      Effect.tap((found) => (Option.isSome(found) ? emit({ _tag: "Resumed" }) : Effect.void))
    ),
    save: (bytes) =>
      store.checkpoints
        .save(job.trajectory, bytes, latest === undefined ? undefined : standingOf(latest))
        .pipe(Effect.andThen(emit({ _tag: "Checkpointed" })))
  }
  return { progress, checkpoint }
}

const stageFailed = (node: string, fault: StageFault): StageFailed =>
  new StageFailed({ node, tag: fault._tag, fault: fault.message })

const defect = ({ node, bundle }: Job, cause: Cause.Cause<unknown>): StageFailed => {
  const error = Cause.squash(cause)
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const what = name === "Error" ? message : `${name}: ${message}`
  const places = sourceLines(stack ?? "", bundle)
  const where = places.length === 0 ? "" : `\n  at ${places.join(", from ")}`
  const fault = `an error that it does not foresee: ${what}${where}\n  mend: correct that code, then run again`
  return new StageFailed({ node, tag: "Defect", fault, ...(stack === undefined ? {} : { stack }) })
}

/** A file that was written through `OutputFile`, or the encoded value. */
const encoded = ({ output }: AnyStage, value: unknown): Draft | Uint8Array =>
  output.stored && isDraft(value) ? value : output.encode(value)

const keep = (store: typeof Store.Service, value: Draft | Uint8Array) =>
  isDraft(value)
    ? Effect.map(store.blobs.adopt(value), (digest) => ({ digest, size: value.size }))
    : Effect.map(store.blobs.write(value), (digest) => ({ digest, size: value.byteLength }))

const performScoped = Effect.fnUntraced(function* (stage: AnyStage, job: Job, emit: Emit) {
  const store = yield* openStore(job.store).pipe(Effect.mapError((error) => stageFailed(job.node, error)))
  const inputs = yield* readInputs(store, stage, job)
  const params = yield* Effect.try({
    try: () => stage.decodeParams(job.params),
    catch: (cause) => new StageFailed({ node: job.node, tag: "ParamsError", fault: String(cause) })
  })
  const items = yield* openItems(store.root, job.recipe)
  const scope = yield* Effect.scope
  const { progress, checkpoint } = reports(store, job, emit)
  // What a stage throws outside its effect is a defect of the stage as well.
  const run = Effect.suspend(() => stage.run({ params, inputs }))
  const work = Effect.map(run, (value) => encoded(stage, value)).pipe(
    Effect.provideService(Progress, progress),
    Effect.provideService(Checkpoint, checkpoint),
    Effect.provideService(SourceFiles, sourceFiles(job)),
    Effect.provideService(ItemCache, job.fresh ? { ...items, get: () => Effect.succeed(Option.none()) } : items),
    Effect.provideService(OutputFile, {
      write: (pieces) => Scope.provide(writeDraft(join(store.root, "tmp"), pieces), scope)
    }),
    // Items that were made stay, whatever becomes of the rest.
    Effect.ensuring(Effect.ignore(items.flush)),
    Effect.ensuring(items.close)
  )
  const exit = yield* Effect.exit(work)
  if (Exit.isFailure(exit)) {
    if (Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.interrupt
    const fault = Cause.findErrorOption(exit.cause)
    return yield* Option.isSome(fault) ? stageFailed(job.node, fault.value) : defect(job, exit.cause)
  }
  return { artifact: stage.output.name, ...(yield* keep(store, exit.value)) } satisfies Output
})

/** Inputs that are read where they lie, and files that were not kept, are closed and gone afterwards. */
export const perform = ((stage, job, emit) => Effect.scoped(performScoped(stage, job, emit))) satisfies (
  stage: AnyStage,
  job: Job,
  emit: Emit
) => Effect.Effect<Output, JobError>
