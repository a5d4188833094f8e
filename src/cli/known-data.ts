/** What is known of a pipeline's data without running anything: its description, where that has been made for just these. */
import * as Effect from "effect/Effect"
import type { Description, Pipeline } from "../dag/pipeline.ts"
import { plan } from "../dag/plan.ts"
import { Store } from "../store/store.ts"

/** Lines for a reader, the facts for a program; undefined where nothing is known yet. */
export const knownData = Effect.fnUntraced(function* (pipeline: Pick<Pipeline, "name">, described: Description) {
  const { nodes } = yield* plan(pipeline, [described.known])
  const output = nodes.find(({ name }) => name === described.known.name)?.output
  if (output === undefined) return undefined
  const { blobs } = yield* Store
  // A description that has gone or is damaged is made again by `data`: no reason for a plan to fail.
  const bytes = yield* Effect.option(blobs.read(output))
  if (bytes._tag === "None") return undefined
  const value: unknown = described.known.output.decode(bytes.value)
  return { lines: described.brief(value), facts: described.data(value) }
})
