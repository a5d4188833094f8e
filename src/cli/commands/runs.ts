/** `runs`: the runs in the store's books. */
import { existsSync } from "node:fs"
import { join, relative, sep } from "node:path"
import * as Effect from "effect/Effect"
import { latestName } from "../../store/reports.ts"
import { listRuns, type RunBook, runBooks } from "../../store/runs.ts"
import { openExisting, Project } from "../project.ts"
import { duration } from "../text/format.ts"
import { print, printJson, style } from "../text/terminal.ts"
import { table, truncate } from "../text/width.ts"

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

const titles = ["run", "pipeline", "outcome", "ran", "reused", "time", "critical path", "report", "verdict"]

/** `reports`: the folder of the store's reports. */
const renderRuns = (books: ReadonlyArray<RunBook>, reports: string, columns: number): ReadonlyArray<string> => {
  if (books.length === 0) return ["no run is in the books of this store"]
  const lines = table([
    titles.map((title) => style("dim", title)),
    ...books.map((book) => [
      book.run,
      book.pipeline,
      style(colours[book.outcome], book.outcome),
      String(count(book, "executed")),
      String(count(book, "hit")),
      duration(book.seconds),
      critical(book),
      reportIn(reports, book),
      book.verdict ?? ""
    ])
  ]).map((line) => truncate(line, columns))
  const kept = books.some(({ report }) => report !== null)
  return kept ? [...lines, "", `reports   ${join(reports, "PIPELINE", "RUN")}, the newest: ${latestName}`] : lines
}

export const runs = Effect.fnUntraced(function* (flags: RunsFlags) {
  const store = yield* openExisting(yield* Project, flags)
  const documents = runBooks(store.root)
  const books: Array<RunBook> = []
  for (const name of (yield* listRuns(store.root)).toReversed()) {
    if (books.length >= flags.last) break
    const book = yield* documents.read(name)
    if (book !== undefined && (flags.pipeline === undefined || book.pipeline === flags.pipeline)) books.push(book)
  }
  books.reverse()
  if (flags.json) return printJson({ runs: books })
  const reports = join(store.root, "reports")
  for (const line of renderRuns(books, reports, process.stdout.columns ?? 200)) print(line)
})
