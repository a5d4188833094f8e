/** What a running stage may ask of its surroundings, beside its parameters and inputs. Nothing else is tracked. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { StoreError } from "../store/error.ts"
import type { StoredBytes } from "../store/stored-bytes.ts"
import type { FileEntry } from "../store/tree.ts"

/** How far a stage is. Shown to the user, never stored, never part of a key. */
export const StageProgress = Schema.Struct({
  completed: Schema.Finite,
  total: Schema.Finite,
  unit: Schema.String,
  /** Figures of the moment, such as the loss. */
  metrics: Schema.optionalKey(Schema.Record(Schema.String, Schema.Finite)),
  /** With the report that ends a round, such as an epoch: its figures by what they were taken on, such as `train`. */
  results: Schema.optionalKey(Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.Finite)))
})
export type StageProgress = typeof StageProgress.Type

export class Progress extends Context.Service<
  Progress,
  { readonly report: (progress: StageProgress) => Effect.Effect<void> }
>()("dermograph/Progress") {}

/** The checkpoint of this node's trajectory: written by an earlier attempt that was cut off, or by this one. */
export class Checkpoint extends Context.Service<
  Checkpoint,
  {
    readonly load: Effect.Effect<Option.Option<Uint8Array>, StoreError>
    readonly save: (bytes: Uint8Array) => Effect.Effect<void, StoreError>
  }
>()("dermograph/Checkpoint") {}

/** A file that stands in a listing, and no longer has the bytes that the listing says. */
export class FileChanged extends Schema.TaggedError<FileChanged>()("FileChanged", {
  path: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    return `${this.path}: ${this.reason} since this run began\n  mend: run again; what is still the same is not made anew`
  }
}

/** The files of this node's own source and of those above it. */
export class SourceFiles extends Context.Service<
  SourceFiles,
  {
    /** The files of a source that this stage declares. */
    readonly list: (source: string) => ReadonlyArray<FileEntry>
    /** The bytes with this digest, from any source of this node or above it, verified. */
    readonly read: (digest: string) => Effect.Effect<Uint8Array, FileChanged>
  }
>()("dermograph/SourceFiles") {}

/**
 * Results for single items of a stage that maps over many, kept from run to run. The key must name all that decides the
 * item's result; the stage's code is seen to by the engine.
 */
export class ItemCache extends Context.Service<
  ItemCache,
  {
    readonly get: (key: string) => Effect.Effect<Option.Option<Uint8Array>, StoreError>
    readonly put: (key: string, bytes: Uint8Array) => Effect.Effect<void, StoreError>
  }
>()("dermograph/ItemCache") {}

/** Where a stage writes an output that it cannot hold (`Artifact.stored`). */
export class OutputFile extends Context.Service<
  OutputFile,
  {
    /** Writes the pieces one after the other; the result is there to be returned, and to be read meanwhile. */
    readonly write: <E, R>(pieces: Stream.Stream<Uint8Array, E, R>) => Effect.Effect<StoredBytes, E | StoreError, R>
  }
>()("dermograph/OutputFile") {}

export type StageServices = Progress | Checkpoint | SourceFiles | ItemCache | OutputFile
