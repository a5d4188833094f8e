/** The end of a run as lines: what ran, what was reused, the verdict, the report. */
import { pathToFileURL } from "node:url"
import type { CriticalNode } from "../../store/runs.ts"
import { duration, plural } from "../text/format.ts"
import { style } from "../text/terminal.ts"
import { table, wrap } from "../text/width.ts"

export interface Summary {
  readonly pipeline: string
  readonly run: string
  /** Node → seconds, in the order of the pipeline. */
  readonly executed: ReadonlyArray<readonly [string, number]>
  readonly hits: ReadonlyArray<string>
  readonly failed: ReadonlyArray<string>
  readonly blocked: ReadonlyArray<string>
  readonly seconds: number
  /** What the reused stages had taken when they ran. */
  readonly saved: number
  readonly verdict: string | null
  /** Shown below the verdict. */
  readonly remarks: ReadonlyArray<string>
  readonly report: string | null
  /** The run that wrote the report: an earlier one where nothing in it is other. */
  readonly reportOf: string | null
  /** Path of the Chrome trace. */
  readonly timeline: string | null
  readonly criticalPath: ReadonlyArray<CriticalNode>
}

const names = (title: string, list: ReadonlyArray<string>, columns: number): ReadonlyArray<string> => {
  if (list.length === 0) return []
  const lines = wrap(list.join(", "), Math.max(20, columns - 10))
  return lines.map((line, at) => `${at === 0 ? title.padEnd(8) : " ".repeat(8)}  ${line}`)
}

const reused = (summary: Summary): string => {
  const took = summary.saved < 0.1 ? "" : `, which took ${duration(summary.saved)}`
  return `reused    ${plural(summary.hits.length, "stage")}${took}`
}

const outcome = (summary: Summary): ReadonlyArray<string> => {
  const total = summary.hits.length + summary.executed.length
  const time = duration(summary.seconds)
  if (summary.failed.length > 0) {
    return [`${style("red", "ended")}     ${plural(summary.failed.length, "stage")} failed, after ${time}`]
  }
  if (summary.executed.length === 0 && summary.blocked.length > 0)
    return [`Nothing to do for what is selected (${time})`]
  if (summary.executed.length === 0) return [`Nothing to do: all ${plural(total, "stage")} are up to date (${time})`]
  return [`${style("green", "done")}      ${plural(total, "stage")} in ${time}`]
}

/** "critical  ingest 1.20 s → resize 3.40 s (4.60 s)", and where to see it drawn. */
const critical = ({ criticalPath, timeline }: Summary, columns: number): ReadonlyArray<string> => {
  if (criticalPath.length < 2) return []
  const total = criticalPath.reduce((sum, { seconds }) => sum + seconds, 0)
  const chain = criticalPath.map(({ node, seconds }) => `${node} ${duration(seconds)}`).join(" → ")
  const lines = wrap(`${chain} (${duration(total)})`, Math.max(20, columns - 10))
  return [
    ...lines.map((line, at) => `${(at === 0 ? "critical" : "").padEnd(8)}  ${line}`),
    ...(timeline === null ? [] : [`trace     ${timeline}`])
  ]
}

export const renderSummary = (summary: Summary, columns: number): ReadonlyArray<string> => {
  const ran = table(
    summary.executed.map(([name, seconds], at) => [at === 0 ? "ran     " : " ".repeat(8), name, duration(seconds)])
  )
  const worked = summary.executed.length > 0 || summary.failed.length > 0
  return [
    ...ran,
    ...(worked && summary.hits.length > 0 ? [reused(summary)] : []),
    ...names("failed", summary.failed, columns).map((line) => style("red", line)),
    ...names("not run", summary.blocked, columns),
    ...critical(summary, columns),
    ...outcome(summary),
    ...(summary.verdict === null ? [] : ["", ...wrap(summary.verdict, columns).map((line) => style("bold", line))]),
    ...summary.remarks.flatMap((remark) => ["", ...wrap(remark, columns)]),
    ...(summary.report === null ? [] : ["", `report    ${pathToFileURL(summary.report).href}`]),
    ...(summary.reportOf === null || summary.reportOf === summary.run
      ? []
      : [`          as run ${summary.reportOf} wrote it: this run's is the same`])
  ]
}
