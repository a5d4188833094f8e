/** `explain NODE`: why it is a hit or must run, from the stored records. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { describeInFull } from "../../dag/reason.ts"
import { listRuns } from "../../store/runs.ts"
import { Store } from "../../store/store.ts"
import { planning } from "../engine.ts"
import { type Explanation, explainNode, explanationJson } from "../explanation.ts"
import { findRun, NoSuchRun } from "../find-run.ts"
import { findNode } from "../nodes.ts"
import { type Choice, Project, rootOf, storeOf, wire } from "../project.ts"
import { bytes, duration, plural } from "../text/format.ts"
import { print, printJson, style } from "../text/terminal.ts"
import { table } from "../text/width.ts"

export interface ExplainFlags extends Choice {
  readonly json: boolean
  readonly node: string
  readonly against: string | undefined
}

const states: Record<Explanation["state"], string> = {
  hit: "up to date",
  run: "will run",
  unknown: "not known before what is above it has run",
  blocked: "cannot run"
}

type JsonObject = Readonly<Record<string, Schema.Json>>
const isObject = (value: Schema.Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Leaves as "a.b", value. */
const leaves = (value: Schema.Json, path = ""): ReadonlyArray<readonly [string, string]> =>
  isObject(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([name, below]) => leaves(below, path === "" ? name : `${path}.${name}`))
    : [[path, JSON.stringify(value)]]

const filesShown = 8

const codeRows = (files: Readonly<Record<string, string>>): ReadonlyArray<ReadonlyArray<string>> => {
  const names = Object.keys(files)
  const shown = names.slice(0, filesShown).map((name) => ["", name])
  const rest = names.length - filesShown
  return rest > 0 ? [...shown, ["", `and ${plural(rest, "more file")} (all of them with --json)`]] : shown
}

/** The parts of the key record, the latest one known. */
const recordRows = (value: Explanation): ReadonlyArray<ReadonlyArray<string>> => {
  const shown = value.now ?? value.last
  if (shown === undefined) return []
  const { record, files } = shown
  const titled = (title: string, rows: ReadonlyArray<string>) => rows.map((row, at) => [at === 0 ? title : "", row])
  return [
    ["stage", record.stage],
    ...titled("params", table(leaves(record.params).map(([path, text]) => [path, text]))),
    ...titled(
      "inputs",
      table(
        Object.entries(record.inputs).map(([name, digest]) => [
          name,
          `${value.inputs.get(name) ?? "?"}`,
          digest.slice(0, 12)
        ])
      )
    ),
    ...titled("sources", table(Object.entries(record.sources).map(([name, digest]) => [name, digest.slice(0, 12)]))),
    ["code", `${record.code.slice(0, 12)}, of ${plural(Object.keys(files).length, "file")}`],
    ...codeRows(files),
    ["packages", String(Object.keys(record.packages).length)],
    ...titled("environment", table(Object.entries(record.environment).map(([name, text]) => [name, text])))
  ]
}

const comparedWith = (against: string, { state, reasons }: Explanation): string => {
  const differ = reasons.some(({ _tag }) => _tag !== "BelowRunning")
  const known = state === "unknown" ? ", as far as is known" : ""
  return `${differ ? "other than" : "nothing is other than"} in ${against}${known}${reasons.length === 0 ? "" : ":"}`
}

export const renderExplanation = (value: Explanation, against?: string): ReadonlyArray<string> => {
  const { last, output } = value
  const rows = recordRows(value)
  const from = value.now === undefined ? "key record of its last run" : "key record"
  const facts = last?.facts
  return [
    `${style("bold", value.node)}: ${states[value.state]}`,
    ...(against === undefined ? [] : [comparedWith(against, value)]),
    ...value.reasons.map((reason) => `  ${describeInFull(reason)}`),
    ...(rows.length === 0 ? [] : ["", from, ...table(rows).map((line) => `  ${line}`)]),
    "",
    last === undefined
      ? "it has no last run in this store"
      : `last run  ${last.run}${facts === undefined ? "" : `, ${facts.startedAt}, ${duration(facts.seconds)}`}`,
    ...(output === undefined
      ? []
      : [
          `output    ${output.artifact}, ${bytes(output.size)}${output.present ? "" : ", no longer whole"}`,
          `          ${output.path}`
        ])
  ]
}

/** The key record that a node had in an earlier run. */
const recordIn = Effect.fnUntraced(function* (against: string, node: string) {
  const store = yield* Store
  const book = yield* findRun(store.root, against)
  const key = book.nodes.find(({ name }) => name === node)?.key
  const trace = key === undefined ? undefined : yield* store.traces.read(key)
  if (trace !== undefined) return trace
  const fault = `${node} left no record in the run ${book.run}`
  return yield* new NoSuchRun({ given: against, fault, known: yield* listRuns(store.root) })
})

export const explain = Effect.fnUntraced(function* (flags: ExplainFlags) {
  const config = yield* Project
  const wired = yield* wire(config, flags)
  const node = yield* findNode(wired, flags.node)
  const value = yield* Effect.gen(function* () {
    const against = flags.against === undefined ? undefined : yield* recordIn(flags.against, node.name)
    return yield* explainNode(wired.pipeline.name, node, against)
  }).pipe(Effect.provide(planning(rootOf(config), storeOf(config, flags))))
  if (flags.json) printJson(explanationJson(value))
  else for (const line of renderExplanation(value, flags.against)) print(line)
})
