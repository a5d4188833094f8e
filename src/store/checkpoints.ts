/**
 * Checkpoints of unfinished work, by trajectory: the digest of a key record without the parameters that only say how
 * far to go (`epochs`, `patience`). A checkpoint is never an output; it carries its own digest, and one that does not
 * match is moved aside and counts as absent.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type Digest, digestOf } from "./digest.ts"
import { makeDocuments } from "./documents.ts"
import type { StoreError } from "./error.ts"
import { moveAside, readIfPresent, remove, sizeIfPresent, writeAtomic } from "./files.ts"

/** How far the work was when a checkpoint was saved: to be told, never to be relied on. */
export const Standing = Schema.Struct({
  completed: Schema.Finite,
  unit: Schema.String,
  /** Counts of the moment, such as the epoch. */
  counts: Schema.Record(Schema.String, Schema.Int)
})
export type Standing = typeof Standing.Type

/** Folder of the standings; one without its checkpoint means nothing. */
export const standingsFolder = "standings"

export interface Checkpoints {
  readonly load: (trajectory: Digest) => Effect.Effect<Option.Option<Uint8Array>, StoreError>
  readonly save: (trajectory: Digest, bytes: Uint8Array, standing?: Standing) => Effect.Effect<void, StoreError>
  /** Of the checkpoint; undefined where there is none, or it was saved without. */
  readonly standing: (trajectory: Digest) => Effect.Effect<Standing | undefined, StoreError>
  readonly drop: (trajectory: Digest) => Effect.Effect<void, StoreError>
}

const digestBytes = 64

export const makeCheckpoints = (root: string): Checkpoints => {
  const pathOf = (trajectory: Digest) => join(root, "checkpoints", trajectory)
  const standings = makeDocuments(root, standingsFolder, Standing)
  return {
    load: Effect.fnUntraced(function* (trajectory: Digest) {
      const file = yield* readIfPresent(pathOf(trajectory))
      if (file === undefined) return Option.none()
      const bytes = file.subarray(digestBytes)
      if (file.subarray(0, digestBytes).toString("latin1") === digestOf(bytes)) return Option.some(bytes)
      yield* moveAside(pathOf(trajectory), join(root, "damaged"))
      return Option.none()
    }),
    save: Effect.fnUntraced(function* (trajectory, bytes, standing) {
      const whole = Buffer.concat([Buffer.from(digestOf(bytes), "latin1"), bytes])
      yield* writeAtomic(pathOf(trajectory), whole, join(root, "tmp"))
      const note = standing === undefined ? standings.remove(trajectory) : standings.write(trajectory, standing)
      // The work is safe: that nobody can be told how far it was is no reason to end it.
      yield* Effect.ignore(note)
    }),
    standing: Effect.fnUntraced(function* (trajectory) {
      const size = yield* sizeIfPresent(pathOf(trajectory))
      return size === undefined ? undefined : yield* standings.read(trajectory)
    }),
    drop: (trajectory) => Effect.andThen(remove(pathOf(trajectory)), standings.remove(trajectory))
  }
}
