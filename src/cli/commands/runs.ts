/** `runs`: the runs in the store's books. */
import { existsSync } from "node:fs"
import { join, relative, sep } from "node:path"
import * as Effect from "effect/Effect"
import { differences } from "../../dag/reason.ts"
import { latestName } from "../../store/reports.ts"
import { listRuns, type RunBook, runBooks } from "../../store/runs.ts"
import { openExisting, Project } from "../project.ts"
import { duration } from "../text/format.ts"
import { print, printJson, style } from "../text/terminal.ts"
import { table, truncate, wrap } from "../text/width.ts"

export interface RunsFlags {
  readonly store: string | undefined
  readonly pipeline: string | undefined
  readonly last: number
  readonly json: boolean
}

const count = (book: RunBook, state: string): number => book.nodes.filter((node) => node.state === state).length

/** How long the critical path is, and its longest node. */
const critical = ({ criticalPath = [] }: RunBook): string => {
  const [longest] = criticalPath.toSorted((a, b) => b.seconds - a.seconds)
  if (longest === undefined) return ""
  return `${duration(criticalPath.reduce((sum, { seconds }) => sum + seconds, 0))} (${longest.node})`
}

/** Whose folder the report is in: this run's own, or that of an earlier run with the same report. */
const reportIn = (reports: string, { pipeline, run, report }: RunBook): string => {
  if (report === null) return ""
  if (!existsSync(report)) return "gone"
  const [folder = ""] = relative(join(reports, pipeline), report).split(sep)
  return folder === run ? "own" : `of ${folder}`
}

const colours = { succeeded: "green", failed: "red", interrupted: "yellow" } as const

/** A run, and the one of its pipeline before it. */
export interface Listed {
  readonly book: RunBook
  readonly before: RunBook | undefined
}

const indent = "    "
const longest = 60

const shown = (value: unknown): string =>
  value === null ? "nothing" : truncate(JSON.stringify(value) ?? "nothing", longest)

/** "model.frozenLayers 1 → 3, training.seeds 2 → 5"; empty where the settings are those of the run before. */
const changes = ({ book, before }: Listed): string =>
  before === undefined
    ? ""
    : differences(before.settings, book.settings)
        .map(({ path, from, to }) => `${path} ${shown(from)} → ${shown(to)}`)
        .join(", ")

const titles = ["run", "pipeline", "outcome", "ran", "reused", "time", "critical path", "report"]

/**
 * A line a run; below it what was set otherwise than in the run before, and its verdict, both in full. `reports`: the
 * folder of the store's reports.
 */
export const renderRuns = (runs: ReadonlyArray<Listed>, reports: string, columns: number): ReadonlyArray<string> => {
  if (runs.length === 0) return ["no run is in the books of this store"]
  const [heading = "", ...rows] = table([
    titles.map((title) => style("dim", title)),
    ...runs.map(({ book }) => [
      book.run,
      book.pipeline,
      style(colours[book.outcome], book.outcome),
      String(count(book, "executed")),
      String(count(book, "hit")),
      duration(book.seconds),
      critical(book),
      reportIn(reports, book)
    ])
  ]).map((line) => truncate(line, columns))
  const below = (text: string) =>
    text === "" ? [] : wrap(text, Math.max(20, columns - indent.length)).map((line) => indent + line)
  const lines = runs.flatMap((run, at) => [
    rows[at] ?? "",
    ...below(changes(run)).map((line) => style("dim", line)),
    ...below(run.book.verdict ?? "")
  ])
  const kept = runs.some(({ book }) => book.report !== null)
  const where = kept ? ["", `reports   ${join(reports, "PIPELINE", "RUN")}, the newest: ${latestName}`] : []
  return [heading, ...lines, ...where]
}

/** The latest of the books, oldest first. */
const latest = Effect.fnUntraced(function* (root: string, { pipeline, last }: RunsFlags) {
  const documents = runBooks(root)
  const listed: Array<{ readonly book: RunBook; before: RunBook | undefined }> = []
  for (const name of (yield* listRuns(root)).toReversed()) {
    const waiting = listed.filter(({ before }) => before === undefined)
    if (listed.length >= last && waiting.length === 0) break
    const book = yield* documents.read(name)
    if (book === undefined || (pipeline !== undefined && book.pipeline !== pipeline)) continue
    for (const later of waiting) if (later.book.pipeline === book.pipeline) later.before = book
    if (listed.length < last) listed.push({ book, before: undefined })
  }
  return listed.reverse()
})

export const runs = Effect.fnUntraced(function* (flags: RunsFlags) {
  const store = yield* openExisting(yield* Project, flags)
  const listed = yield* latest(store.root, flags)
  if (flags.json) return printJson({ runs: listed.map(({ book }) => book) })
  // A pipe is as wide as its lines.
  const reports = join(store.root, "reports")
  for (const line of renderRuns(listed, reports, process.stdout.columns ?? Number.POSITIVE_INFINITY)) print(line)
})
