/** The end of a successful run: the verdict's sentence, and the report as a file beside the store. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { Conclusion, ReportFile } from "../dag/pipeline.ts"
import { readIfPresent, writeAtomic } from "../store/files.ts"
import { Store } from "../store/store.ts"
import type { Output } from "../store/trace.ts"

export interface Concluded {
  readonly verdict: string
  /** Absolute path of the report. */
  readonly report: string
}

/** Reads the conclusion's artifact and writes its report and what lies beside it, where other bytes lie there. */
export const conclude = Effect.fnUntraced(function* (pipeline: string, conclusion: Conclusion, output: Output) {
  const store = yield* Store
  const value: unknown = conclusion.node.output.decode(yield* store.blobs.read(output.digest))
  const folder = join(store.root, "reports", pipeline)
  const write = Effect.fnUntraced(function* ({ name, content }: ReportFile) {
    const path = join(folder, ...name.split("/").filter((part) => part !== ".." && part !== ""))
    const present = yield* readIfPresent(path)
    if (present === undefined || !present.equals(Buffer.from(content)))
      yield* writeAtomic(path, content, join(store.root, "tmp"))
    return path
  })
  for (const file of conclusion.beside(value)) yield* write(file)
  const report = yield* write(conclusion.report(value))
  return { verdict: conclusion.verdict(value), report } satisfies Concluded
})
