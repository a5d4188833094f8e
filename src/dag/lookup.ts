/** One node against the store: its key, and either the trace of an equal key or every reason why it must run. */
import * as Effect from "effect/Effect"
import type { Digest } from "../store/digest.ts"
import { Store } from "../store/store.ts"
import type { Folders, KeyRecord, Trace } from "../store/trace.ts"
import type { Tree } from "../store/tree.ts"
import { CodeIdentity, type Identity } from "./code-identity.ts"
import { keyOf, keyRecord } from "./key.ts"
import { changesSince } from "./last-run.ts"
import type { Reason } from "./reason.ts"
import { Sources, type Trees } from "./sources.ts"
import type { AnyNode } from "./stage.ts"

/** A node as it stands today. */
export interface Standing {
  readonly record: KeyRecord
  readonly identity: Identity
  readonly trees: Trees
  /** Files of its code, folders of its sources: they tell what of a digest changed. */
  readonly files: Identity["files"]
  readonly folders: Folders
}

/** The node's record with the inputs that are given: its key is that of a record with all of them. */
export const standing = Effect.fnUntraced(function* (node: AnyNode, inputs: Readonly<Record<string, Digest>>) {
  const identity = yield* (yield* CodeIdentity).of(node.stage)
  const trees = yield* (yield* Sources).of(node)
  const ofTrees = <A>(part: (tree: Tree) => A): Record<string, A> =>
    Object.fromEntries(Object.entries(trees).map(([name, tree]) => [name, part(tree)]))
  const digests = ofTrees((tree) => tree.digest)
  return {
    record: keyRecord(node, identity, inputs, digests),
    identity,
    trees,
    files: identity.files,
    folders: ofTrees((tree) => tree.filesByFolder)
  } satisfies Standing
})

export interface Lookup extends Standing {
  readonly key: Digest
  /** The trace of a hit; undefined where the node must run. */
  readonly hit: Trace | undefined
  readonly reasons: ReadonlyArray<Reason>
}

/** Looks the node up, its inputs' outputs being known. Reads no blob: presence and size are checked. */
export const lookup = Effect.fnUntraced(function* (
  pipeline: string,
  node: AnyNode,
  inputs: Readonly<Record<string, Digest>>
) {
  const store = yield* Store
  const stands = yield* standing(node, inputs)
  const key = keyOf(stands.record)
  const stored = yield* store.traces.look(key)
  const trace = stored._tag === "Found" ? stored.value : undefined
  const found = { key, ...stands }
  if (trace !== undefined) {
    const size = yield* store.blobs.sizeOf(trace.output.digest)
    if (size === trace.output.size) return { ...found, hit: trace, reasons: [] } satisfies Lookup
    const fault = size === undefined ? "OutputMissing" : "OutputAltered"
    return {
      ...found,
      hit: undefined,
      reasons: [{ _tag: fault, digest: trace.output.digest }]
    } satisfies Lookup
  }
  if (stored._tag === "Damaged") {
    return { ...found, hit: undefined, reasons: [{ _tag: "TraceDamaged" }] } satisfies Lookup
  }
  const reasons = yield* changesSince(pipeline, node.name, stands)
  if (reasons === undefined) return { ...found, hit: undefined, reasons: [{ _tag: "FirstRun" }] } satisfies Lookup
  return {
    ...found,
    hit: undefined,
    reasons: reasons.length === 0 ? [{ _tag: "TraceMissing" }] : reasons
  } satisfies Lookup
})
