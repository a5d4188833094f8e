/** `plan`: what a run would do and why, without doing it. */
import * as Effect from "effect/Effect"
import { type Plan, type PlannedNode, plan as planPipeline, toJson } from "../../dag/plan.ts"
import { describe, type Reason } from "../../dag/reason.ts"
import type { Standing } from "../../store/checkpoints.ts"
import { planning } from "../engine.ts"
import { plannedLines } from "../estimate/planned.ts"
import { defaultConcurrency } from "../flags.ts"
import { knownData } from "../known-data.ts"
import { type Choice, Project, rootOf, storeOf, wire } from "../project.ts"
import { describeSelection, type SelectionFlags, selectionOf } from "../selection.ts"
import { print, printJson, style } from "../text/terminal.ts"
import { table } from "../text/width.ts"

export interface PlanFlags extends Choice, SelectionFlags {
  readonly json: boolean
}

const colours = { hit: "green", run: "cyan", unknown: "yellow", blocked: "red" } as const

/** "9 hits, 2 to run, 3 unknown until then" */
export const summaryLine = (plan: Plan): string => {
  const count = (state: PlannedNode["state"]) => plan.nodes.filter((node) => node.state === state).length
  const hits = count("hit")
  const parts = [`${hits} ${hits === 1 ? "hit" : "hits"}`, `${count("run")} to run`]
  if (count("unknown") > 0) parts.push(`${count("unknown")} unknown until then`)
  if (count("blocked") > 0) parts.push(`${count("blocked")} blocked`)
  return parts.join(", ")
}

/** For each unknown node, the nodes above it that will run: what it is waiting for in the end. */
const awaited = (plan: Plan): ReadonlyMap<string, ReadonlyArray<string>> => {
  const runs = new Map<string, ReadonlyArray<string>>()
  for (const { name, state, inputs } of plan.nodes) {
    const above = inputs.flatMap((input) => runs.get(input) ?? [])
    runs.set(name, state === "run" ? [name] : [...new Set(above)])
  }
  return runs
}

const shown = 3

const list = (names: ReadonlyArray<string>): string =>
  names.length <= shown ? names.join(", ") : `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`

/** "goes on from its checkpoint (epoch 5, 480 steps done)" */
export const resumption = ({ completed, unit, counts }: Standing): string => {
  const facts = [...Object.entries(counts).map(([name, count]) => `${name} ${count}`), `${completed} ${unit} done`]
  return `goes on from its checkpoint (${facts.join(", ")})`
}

export const renderPlan = (plan: Plan): ReadonlyArray<string> => {
  const waiting = awaited(plan)
  const text = (node: PlannedNode, reason: Reason): string => {
    if (reason._tag !== "BelowRunning") return describe(reason)
    const runs = waiting.get(node.name) ?? []
    return `known when ${list(runs)} ${runs.length === 1 ? "has" : "have"} run`
  }
  return [
    ...table(
      plan.nodes.flatMap((node) => {
        const reasons = node.reasons.map((reason) => text(node, reason))
        const [first = "", ...more] = [...reasons, ...(node.resumes === undefined ? [] : [resumption(node.resumes)])]
        const state = style(colours[node.state], node.state.padEnd("unknown".length))
        return [[state, node.name, first], ...more.map((reason) => ["", "", reason])]
      })
    ),
    "",
    summaryLine(plan)
  ]
}

/** The plan of the chosen pipeline against its store. */
export const planOf = Effect.fnUntraced(function* (flags: Choice & Partial<SelectionFlags>) {
  const config = yield* Project
  const wired = yield* wire(config, flags)
  const layer = planning(rootOf(config), storeOf(config, flags))
  const { only = [], from = [], until = [], downstream = [], force = [] } = flags
  const selection = yield* selectionOf(wired, { only, from, until, downstream, force })
  const planned = yield* planPipeline(wired.pipeline, wired.built.targets, selection).pipe(Effect.provide(layer))
  return { planned, wired, selection, layer }
})

/** Not described yet: says how to have it said. */
export const unknownData = "The images: not described yet. The command data says what they are, and trains nothing."

export const plan = Effect.fnUntraced(function* (flags: PlanFlags) {
  const { planned, wired, selection, layer } = yield* planOf(flags)
  const described = wired.built.describe
  const known =
    described === undefined ? undefined : yield* knownData(wired.pipeline, described).pipe(Effect.provide(layer))
  if (flags.json) return printJson({ ...toJson(planned), data: known?.facts ?? null })
  const size = yield* plannedLines(planned, wired.nodes, defaultConcurrency).pipe(Effect.provide(layer))
  const selected = selection === undefined ? [] : [...describeSelection(selection, planned.nodes.length), ""]
  for (const line of [...selected, ...renderPlan(planned), ...size]) print(line)
  if (described !== undefined) for (const line of ["", ...(known?.lines ?? [unknownData])]) print(line)
})
