/** The end of a successful run: the verdict's sentence, and the report as a file beside the store. */
import { basename, join } from "node:path"
import * as Effect from "effect/Effect"
import type { Conclusion } from "../dag/pipeline.ts"
import { readIfPresent, writeAtomic } from "../store/files.ts"
import { Store } from "../store/store.ts"
import type { Output } from "../store/trace.ts"

export interface Concluded {
  readonly verdict: string
  /** Absolute path of the report. */
  readonly report: string
}

/** Reads the conclusion's artifact and writes its report, unless the same bytes lie there already. */
export const conclude = Effect.fnUntraced(function* (pipeline: string, conclusion: Conclusion, output: Output) {
  const store = yield* Store
  const value: unknown = conclusion.node.output.decode(yield* store.blobs.read(output.digest))
  const { name, content } = conclusion.report(value)
  const report = join(store.root, "reports", pipeline, basename(name))
  const present = yield* readIfPresent(report)
  if (present?.toString("utf8") !== content) yield* writeAtomic(report, content, join(store.root, "tmp"))
  return { verdict: conclusion.verdict(value), report } satisfies Concluded
})
