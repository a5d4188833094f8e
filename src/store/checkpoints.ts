/**
 * Checkpoints of unfinished work, by trajectory: the digest of a key record without the parameters that only say how
 * far to go (`epochs`, `patience`). A checkpoint is never an output; it carries its own digest, and one that does not
 * match is moved aside and counts as absent.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Digest, digestOf } from "./digest.ts"
import type { StoreError } from "./error.ts"
import { moveAside, readIfPresent, remove, writeAtomic } from "./files.ts"

export interface Checkpoints {
  readonly load: (trajectory: Digest) => Effect.Effect<Option.Option<Uint8Array>, StoreError>
  readonly save: (trajectory: Digest, bytes: Uint8Array) => Effect.Effect<void, StoreError>
  readonly drop: (trajectory: Digest) => Effect.Effect<void, StoreError>
}

const digestBytes = 64

export const makeCheckpoints = (root: string): Checkpoints => {
  const pathOf = (trajectory: Digest) => join(root, "checkpoints", trajectory)
  return {
    load: Effect.fnUntraced(function* (trajectory: Digest) {
      const file = yield* readIfPresent(pathOf(trajectory))
      if (file === undefined) return Option.none()
      const bytes = file.subarray(digestBytes)
      if (file.subarray(0, digestBytes).toString("latin1") === digestOf(bytes)) return Option.some(bytes)
      yield* moveAside(pathOf(trajectory), join(root, "damaged"))
      return Option.none()
    }),
    save: (trajectory, bytes) =>
      writeAtomic(
        pathOf(trajectory),
        Buffer.concat([Buffer.from(digestOf(bytes), "latin1"), bytes]),
        join(root, "tmp")
      ),
    drop: (trajectory) => remove(pathOf(trajectory))
  }
}
