/** `diff RUN RUN`: what is different between two runs. */
import * as Effect from "effect/Effect"
import { describe } from "../../dag/reason.ts"
import { differenceJson, diffRuns, type NodeDifference, type RunDifference } from "../difference.ts"
import { findRun } from "../find-run.ts"
import { openExisting, Project } from "../project.ts"
import { duration, plural } from "../text/format.ts"
import { print, printJson, style } from "../text/terminal.ts"
import { table } from "../text/width.ts"

export interface DiffFlags {
  readonly store: string | undefined
  readonly from: string
  readonly to: string
  readonly json: boolean
}

const time = (seconds: number | null): string => (seconds === null ? "–" : duration(seconds))

const lines = (node: NodeDifference): ReadonlyArray<ReadonlyArray<string>> => {
  const { from, to } = node.seconds
  const output =
    node.outputDiffers === undefined ? "no output to compare" : node.outputDiffers ? "other output" : "same output"
  const facts = node.change === "changed" ? `${output}, ${time(from)} → ${time(to)}` : ""
  return [[style("bold", node.name), node.change, facts], ...node.reasons.map((reason) => ["", "", describe(reason)])]
}

const reports = ({ from, to }: RunDifference): ReadonlyArray<string> => {
  if (from.report === null && to.report === null) return []
  if (from.report === to.report) return ["", `report of both: ${to.report}`]
  return ["", `report was: ${from.report ?? "none"}`, `report is:  ${to.report ?? "none"}`]
}

export const renderDifference = (value: RunDifference): ReadonlyArray<string> => {
  const changed = value.nodes.filter(({ change }) => change !== "same")
  const json = (item: unknown) => (item === null ? "nothing" : JSON.stringify(item))
  const settings = value.settings.map(({ path, from, to }) => [`  ${path}`, `${json(from)} → ${json(to)}`])
  return [
    `${value.from.run} → ${value.to.run}: ${duration(value.from.seconds)} → ${duration(value.to.seconds)}`,
    ...(settings.length === 0 ? [] : ["", "settings", ...table(settings)]),
    ...(changed.length === 0 ? [] : ["", ...table(changed.flatMap(lines))]),
    "",
    `${plural(changed.length, "node")} of ${value.nodes.length} differ`,
    ...(value.from.verdict === value.to.verdict
      ? []
      : ["", `was: ${value.from.verdict ?? "no verdict"}`, `is:  ${value.to.verdict ?? "no verdict"}`]),
    ...reports(value)
  ]
}

export const diff = Effect.fnUntraced(function* (flags: DiffFlags) {
  const store = yield* openExisting(yield* Project, flags)
  const from = yield* findRun(store.root, flags.from)
  const to = yield* findRun(store.root, flags.to)
  const value = yield* diffRuns(store, from, to)
  if (flags.json) printJson(differenceJson(value))
  else for (const line of renderDifference(value)) print(line)
})
