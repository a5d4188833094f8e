/**
 * Traces: "a node with this key gave that output". Ours are shallow constructive traces (Mokhov, Mitchell and Peyton
 * Jones, "Build systems à la carte", 2020): keyed on the immediate inputs' output digests, so an input that was made
 * again to the same bytes stops the rerun there.
 */
import * as Schema from "effect/Schema"

const Digests = Schema.Record(Schema.String, Schema.String)

/** All that decides whether a node must run. The record is stored, not only its digest: `explain` compares records. */
export const KeyRecord = Schema.Struct({
  format: Schema.Literal(1),
  stage: Schema.String,
  /** Digest of the stage's own tree-shaken bundle. */
  code: Schema.String,
  /** Parameters in their encoded JSON form, without those that cannot change the output. */
  params: Schema.Json,
  /** Input name → digest of the artifact. */
  inputs: Digests,
  /** Source name → digest of its root folder: of the files' paths and bytes. */
  sources: Digests,
  /** Package in the lock file → version and integrity, transitively. */
  packages: Digests,
  /** Declared environment: backend and its version, say. */
  environment: Digests
})
export type KeyRecord = typeof KeyRecord.Type

/** Source name → folder → digest of its own files: tells in which folder files changed. Not part of the key. */
export const Folders = Schema.Record(Schema.String, Digests)
export type Folders = typeof Folders.Type

export const Output = Schema.Struct({ artifact: Schema.String, digest: Schema.String, size: Schema.Int })
export type Output = typeof Output.Type

export const Trace = Schema.Struct({
  key: Schema.String,
  record: KeyRecord,
  output: Output,
  /** Source file of the stage's bundle → digest: tells which file changed. Not part of the key. */
  files: Digests,
  folders: Schema.optionalKey(Folders),
  facts: Schema.Struct({ run: Schema.String, startedAt: Schema.String, seconds: Schema.Finite })
})
export type Trace = typeof Trace.Type

/** What a node's last execution was. */
export const LastRun = Schema.Struct({
  key: Schema.String,
  record: KeyRecord,
  files: Digests,
  folders: Schema.optionalKey(Folders),
  run: Schema.String,
  /** Milliseconds since 1970. */
  at: Schema.optionalKey(Schema.Finite),
  /** Keys of the executions before it, the latest first; a few. */
  before: Schema.optionalKey(Schema.Array(Schema.String))
})
export type LastRun = typeof LastRun.Type

/** The keys that the latest run of a pipeline used or made, by node; of nodes that it did not come to, an earlier run's. */
export const Latest = Schema.Struct({
  run: Schema.String,
  /** Milliseconds since 1970. */
  at: Schema.Finite,
  keys: Schema.Record(Schema.String, Schema.String)
})
export type Latest = typeof Latest.Type
