/**
 * When the bytes of an output are verified before they are used. Once a run, by the run itself, which makes a damaged one
 * anew; or also by each stage that reads them; or never: then only that they are there, and as many as there were. What was
 * let pass goes on trust as long as the file stays as it is (size, times, inode).
 */
import * as Effect from "effect/Effect"
import type { Digest } from "../store/digest.ts"
import { Store } from "../store/store.ts"
import type { Output } from "../store/trace.ts"

export type Verification = "once" | "always" | "never"

/** What a run remembers of it. */
export interface Memory {
  readonly verify: Verification
  /** Digest → stamp of the blob's file when it was verified, written or let pass. */
  readonly trusted: Map<Digest, string>
}

const trust = (memory: Memory, digest: Digest, stamp: string | undefined): void => {
  if (stamp !== undefined) memory.trusted.set(digest, stamp)
}

/** The output was written just now. */
export const trustWritten = Effect.fnUntraced(function* (memory: Memory, digest: Digest) {
  trust(memory, digest, yield* (yield* Store).blobs.stampOf(digest))
})

/** What is wrong with an output's bytes; undefined where they can be used. */
export const faultOf = Effect.fnUntraced(function* (memory: Memory, { digest, size }: Output) {
  const { blobs } = yield* Store
  // The stamp of before: a file that changes while it is read goes unverified.
  const stamp = yield* blobs.stampOf(digest)
  if (stamp === undefined) return "missing"
  if (memory.trusted.get(digest) === stamp) return undefined
  const check =
    memory.verify === "never"
      ? Effect.map(blobs.sizeOf(digest), (present) => (present === size ? undefined : "altered"))
      : blobs.verify(digest).pipe(
          Effect.as(undefined),
          Effect.catchTag("DamagedBlob", (error) => Effect.succeed(error.fault))
        )
  const fault = yield* check
  if (fault === undefined) trust(memory, digest, stamp)
  return fault
})

/** Stamps of the inputs that a stage may read without verifying them. */
export const trustedAmong = (
  { verify, trusted }: Memory,
  digests: Iterable<Digest>
): Readonly<Record<Digest, string>> =>
  verify === "always"
    ? {}
    : Object.fromEntries(
        [...new Set(digests)].flatMap((digest) => {
          const stamp = trusted.get(digest)
          return stamp === undefined ? [] : [[digest, stamp]]
        })
      )
