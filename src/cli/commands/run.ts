/** `run`: makes what is not up to date, shows it, and ends with the verdict and the report. */
import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import type { RunFinished } from "../../dag/events.ts"
import { plan } from "../../dag/plan.ts"
import { run as runPipeline } from "../../dag/run.ts"
import type { Selection } from "../../dag/select.ts"
import type { Verification } from "../../dag/verification.ts"
import type { Output } from "../../store/trace.ts"
import { writeBook } from "../book.ts"
import { conclude } from "../conclusion.ts"
import { planning, running } from "../engine.ts"
import { Ended } from "../errors.ts"
import { earlierSeconds } from "../estimate/earlier.ts"
import type { Work } from "../estimate/left.ts"
import { failureMessages } from "../failures.ts"
import { wholeCommand } from "../invocation.ts"
import { type Choice, Project, rootOf, storeOf, type Wired, wire } from "../project.ts"
import { blockedBy, describeSelection, type SelectionFlags, selectionOf } from "../selection.ts"
import { plural } from "../text/format.ts"
import { print, printError } from "../text/terminal.ts"
import { keepTimes, kept, type Times, writeTimeline } from "../timeline.ts"
import { version } from "../version.ts"
import { jsonReporter, liveReporter, plainReporter, type Reporter } from "../view/reporter.ts"
import { countOf } from "../view/state.ts"
import { renderSummary } from "../view/summary.ts"

export interface RunFlags extends Choice, SelectionFlags {
  readonly json: boolean
  readonly concurrency: number
  readonly keepGoing: boolean
  readonly verify: Verification
}

/** Names sort by time: date, time, then milliseconds with two digits of chance, as in "20261124-034501-1233f". */
const nameRun = (now: Date): string => {
  const [seconds = "", milliseconds = ""] = now.toISOString().replace(/[-:Z]/gu, "").replace("T", "-").split(".")
  return `${seconds}-${milliseconds}${randomBytes(1).toString("hex")}`
}

const reporterFor = (flags: RunFlags, { pipeline: { name } }: Wired, work: Work): Reporter => {
  if (flags.json) return jsonReporter(name, work)
  return process.stdout.isTTY === true ? liveReporter(name, work) : plainReporter(name, work)
}

/** When a run is worth an estimate of its time: one that is all hits is over by then. */
const estimateAfter = "300 millis"

/** Fills in what the nodes took before. That it cannot be known is no reason to fail. */
const lookBack = (pipeline: string, nodes: Work["nodes"], earlier: Map<string, number>) =>
  earlierSeconds(pipeline, nodes).pipe(
    Effect.tap((known) =>
      Effect.sync(() => {
        for (const [name, seconds] of known) earlier.set(name, seconds)
      })
    ),
    Effect.delay(estimateAfter),
    Effect.ignore
  )

const digests = (outputs: ReadonlyMap<string, Output>): Record<string, string> =>
  Object.fromEntries([...outputs].map(([name, output]) => [name, output.digest]))

/** Runs, concludes and keeps the books. Fails only where the engine or the store does. */
const perform = Effect.fnUntraced(function* (
  flags: RunFlags,
  wired: Wired,
  selection: Selection | undefined,
  reporter: Reporter,
  times: Times
) {
  const { pipeline, built } = wired
  const startedAt = new Date()
  const run = nameRun(startedAt)
  const since = { run, startedAt: startedAt.toISOString(), version: version() }
  const seconds = () => (Date.now() - startedAt.getTime()) / 1000
  const interrupted = Effect.gen(function* () {
    const end = { outcome: "interrupted", verdict: null, report: null } as const
    const timed = yield* writeTimeline(run, wired.nodes, times.events)
    yield* writeBook(wired, reporter.view(), { ...since, seconds: seconds(), ...end, ...timed })
  }).pipe(Effect.ignore)
  const result = yield* runPipeline(pipeline, built, {
    run,
    concurrency: flags.concurrency,
    keepGoing: flags.keepGoing,
    verify: flags.verify,
    ...(selection === undefined ? {} : { selection })
  }).pipe(Effect.onInterrupt(() => interrupted))
  const { conclusion } = built
  const output = conclusion === undefined ? undefined : result.outputs.get(conclusion.node.name)
  const { concluded, remarks, reportOf } =
    result.failed.length > 0 || conclusion === undefined || output === undefined
      ? { concluded: { verdict: null, report: null }, remarks: [], reportOf: null }
      : yield* conclude(pipeline.name, run, conclusion, output)
  const timed = yield* writeTimeline(run, wired.nodes, times.events)
  const finished: RunFinished = {
    _tag: "RunFinished",
    executed: result.executed,
    hits: result.hits,
    failed: result.failed.map(({ node }) => node),
    outputs: digests(result.outputs),
    seconds: seconds(),
    ...concluded,
    timeline: timed.timeline ?? null,
    criticalPath: timed.criticalPath
  }
  const outcome = result.failed.length > 0 ? "failed" : "succeeded"
  const facts = { ...since, seconds: finished.seconds, outcome, ...concluded, ...timed } as const
  yield* kept("itself in the books", writeBook(wired, reporter.view(), facts, result.leftOut))
  return { result, finished, run, remarks, reportOf }
})

const showEnd = (
  flags: RunFlags,
  wired: Wired,
  reporter: Reporter,
  end: Effect.Success<ReturnType<typeof perform>>
) => {
  const { result, finished, run, remarks, reportOf } = end
  if (flags.json) {
    reporter.emit(finished)
    return reporter.close()
  }
  const seconds = new Map(reporter.view().nodes.map((node) => [node.name, node.seconds ?? 0]))
  const lines = renderSummary(
    {
      pipeline: wired.pipeline.name,
      run,
      executed: result.executed.map((name) => [name, seconds.get(name) ?? 0]),
      hits: result.hits,
      failed: finished.failed,
      blocked: [...result.blocked, ...result.leftOut],
      seconds: finished.seconds,
      saved: reporter.view().nodes.reduce((sum, { saved = 0 }) => sum + saved, 0),
      verdict: finished.verdict,
      remarks,
      report: finished.report,
      reportOf,
      timeline: finished.timeline,
      criticalPath: finished.criticalPath
    },
    process.stdout.columns ?? 100
  )
  for (const line of lines) print(line)
}

const tellInterrupted = (wired: Wired, reporter: Reporter): Effect.Effect<void> =>
  Effect.sync(() => {
    reporter.close()
    const done = countOf(reporter.view(), "hit", "done")
    process.stderr.write(
      `interrupted: ${done} of ${plural(wired.nodes.length, "stage")} done; to go on from there:\n  ${wholeCommand()}\n`
    )
  })

/** Shows what is selected and what that leaves out; fails where what is selected cannot run. */
const checkSelection = Effect.fnUntraced(function* (
  flags: RunFlags,
  config: typeof Project.Service,
  wired: Wired,
  selection: Selection
) {
  const planned = yield* plan(wired.pipeline, wired.built.targets, selection).pipe(
    Effect.provide(planning(rootOf(config), storeOf(config, flags)))
  )
  const blocked = blockedBy(planned)
  if (blocked !== undefined) return yield* blocked
  if (!flags.json) for (const line of describeSelection(selection, wired.nodes.length)) print(line)
})

export const run = Effect.fnUntraced(function* (flags: RunFlags) {
  const config = yield* Project
  const wired = yield* wire(config, flags)
  const selection = yield* selectionOf(wired, flags)
  if (selection !== undefined) yield* checkSelection(flags, config, wired, selection)
  const earlier = new Map<string, number>()
  const reporter = reporterFor(flags, wired, { nodes: wired.nodes, workers: flags.concurrency, earlier })
  const times = keepTimes(reporter.emit)
  const layer = running(rootOf(config), storeOf(config, flags), times.emit)
  const end = yield* Effect.gen(function* () {
    yield* Effect.forkChild(lookBack(wired.pipeline.name, wired.nodes, earlier))
    return yield* perform(flags, wired, selection, reporter, times)
  }).pipe(
    Effect.provide(layer),
    Effect.onInterrupt(() => tellInterrupted(wired, reporter)),
    Effect.ensuring(Effect.sync(reporter.close))
  )
  showEnd(flags, wired, reporter, end)
  for (const message of failureMessages(end.result.failed)) printError(message)
  if (end.result.failed.length > 0) return yield* new Ended({ code: 1 })
})
