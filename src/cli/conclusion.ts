/** The end of a successful run: the verdict's sentence, and the report as files in the store. */
import { basename, join } from "node:path"
import * as Effect from "effect/Effect"
import type { Conclusion, ReportFile } from "../dag/pipeline.ts"
import { keepReport } from "../store/reports.ts"
import { Store } from "../store/store.ts"
import type { Output } from "../store/trace.ts"

export interface Concluded {
  readonly verdict: string
  /** Absolute path of the report. */
  readonly report: string
}

/** No name reaches out of the report's folder. */
const inside = ({ name, content }: ReportFile): ReportFile => ({
  name: name
    .split("/")
    .filter((part) => part !== ".." && part !== "." && part !== "")
    .join("/"),
  content
})

/** Reads the conclusion's artifact and keeps its report with what lies beside it. */
export const conclude = Effect.fnUntraced(function* (
  pipeline: string,
  run: string,
  conclusion: Conclusion,
  output: Output
) {
  const store = yield* Store
  const value: unknown = conclusion.node.output.decode(yield* store.blobs.read(output.digest))
  const report = inside(conclusion.report(value))
  const folder = yield* keepReport(store.root, pipeline, run, [...conclusion.beside(value).map(inside), report])
  return {
    concluded: { verdict: conclusion.verdict(value), report: join(folder, report.name) } satisfies Concluded,
    remarks: conclusion.remarks(value),
    /** The run that wrote the report: this one, or an earlier one whose report is the same. */
    reportOf: basename(folder)
  }
})
