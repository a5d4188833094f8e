/** The run as plain lines, for logs and pipes: a start, now and then a progress line, an end. */
import type { Event } from "../../dag/events.ts"
import { describe, type Reason } from "../../dag/reason.ts"
import type { StageProgress } from "../../dag/services.ts"
import { commandHere } from "../invocation.ts"
import { clock, duration, metric, percent, plural, rate } from "../text/format.ts"
import { truncate } from "../text/width.ts"
import { type NodeView, nodeOf, paceOf, type RunView } from "./state.ts"

/** A node has at most one progress line in this time, in milliseconds, or this part of its work; and one that ends a round. */
const every = 10_000
const step = 0.1

interface Shown {
  readonly at: number
  readonly part: number
}

const figures = (values: Readonly<Record<string, number>>): ReadonlyArray<string> =>
  Object.entries(values).map(([name, value]) => `${name} ${metric(value)}`)

const progressLine = (node: NodeView, progress: StageProgress, now: number): string => {
  const part = progress.total === 0 ? 0 : progress.completed / progress.total
  const pace = paceOf(node, now)
  const facts = [
    `${percent(part)}`,
    `${metric(progress.completed)}/${metric(progress.total)} ${progress.unit}`,
    ...(pace === undefined ? [] : [rate(pace.rate), `${clock(pace.left)} left`]),
    ...figures(progress.metrics ?? {})
  ]
  const results = Object.entries(progress.results ?? {}).map(([group, of]) => `${group}: ${figures(of).join(", ")}`)
  return `${node.name}: ${[facts.join(", "), ...results].join("; ")}`
}

/** So many causes are told of a stage, each within so many columns: `explain` tells all. */
const causesShown = 3
const causeColumns = 100

/** Words of a command → the whole of it, to be pasted into a shell. */
type Command = (words: string) => string

/** "a; b; c; and 40 more: npx tsx pipeline.config.ts explain NODE"; `all` is the command that tells all. */
const briefly = (causes: ReadonlyArray<string>, separator: string, all: string): string => {
  const shown = causes.slice(0, causesShown).map((cause) => truncate(cause, causeColumns))
  const more = causes.length - shown.length
  const cut = shown.some((cause, at) => cause !== causes[at])
  const rest = more > 0 ? [`and ${more} more: ${all}`] : cut ? [`in full: ${all}`] : []
  return [...shown, ...rest].join(separator)
}

// When it has run it is up to date: its causes are what differs from the run before.
const startedLine = (node: string, reasons: ReadonlyArray<Reason>, command: Command): string =>
  `${node}: started (${briefly(reasons.map(describe), "; ", command(`explain ${node} --against previous`))})`

const blockedLine = (node: string, below: ReadonlyArray<string>, command: Command): string =>
  `${node}: not run${below.length === 0 ? "" : ` (needs ${briefly(below, ", ", command(`explain ${node}`))})`}`

/** Warnings of files that a stage read and its key does not know of. */
export const undeclaredLines = (node: string, paths: ReadonlyArray<string>): ReadonlyArray<string> =>
  paths.map((path) => `${node}: warning: it read ${path} undeclared; a change of that file will not run it again`)

/** Of what is said to be left: a time, not an amount of work. */
const isTime = (left: string): boolean => left.endsWith(" left")

/** How often it is told what is left of the whole run, in milliseconds. */
const leftEvery = 60_000

/** What is left of the run: told when work begins, and then now and then, where it is another than before. */
const makeLeft = () => {
  let last: { readonly at: number; readonly left: string } | undefined
  return ({ left, pipeline }: RunView, now: number): ReadonlyArray<string> => {
    if (left === undefined || left === last?.left) return []
    const first = last === undefined || (!isTime(last.left) && isTime(left))
    if (!first && now - last!.at < leftEvery) return []
    last = { at: now, left }
    return [`${pipeline}: ${left}`]
  }
}

/** Keeps what was shown last of each node, so that progress is told sparingly. */
export const makePlain = (
  command: Command = commandHere
): ((view: RunView, event: Event, now: number) => ReadonlyArray<string>) => {
  const shown = new Map<string, Shown>()
  const leftLines = makeLeft()
  const progress = (view: RunView, name: string, now: number): ReadonlyArray<string> => {
    const current = nodeOf(view, name)
    if (current?.progress === undefined) return []
    const { completed, total, results } = current.progress
    const part = total === 0 ? 0 : completed / total
    const kind = `${name} ${results === undefined ? "" : "results"}`
    const last = shown.get(kind) ?? { at: current.startedAt ?? now, part: 0 }
    const due = now - last.at >= every || part - last.part >= step - 1e-9 || part < last.part
    if (!due) return []
    shown.set(kind, { at: now, part })
    return [progressLine(current, current.progress, now)]
  }
  return (view, event, now) => {
    switch (event._tag) {
      case "RunStarted":
        return [`${event.pipeline}: ${plural(event.nodes.length, "stage")}, run ${event.run}`]
      case "NodeHit":
        return [`${event.node}: reused`]
      case "NodeWaiting":
        return [`${event.node}: waits for ${nodeOf(view, event.node)?.awaits}`]
      case "NodeStarted":
        return [startedLine(event.node, event.reasons, command), ...leftLines(view, now)]
      case "NodeProgress":
        return [...progress(view, event.node, now), ...leftLines(view, now)]
      case "NodeResumed":
        return [`${event.node}: goes on from its checkpoint`]
      case "NodeCheckpointed":
        return []
      case "NodeUndeclaredRead":
        return undeclaredLines(event.node, event.paths)
      case "NodeFinished":
        return [`${event.node}: done in ${duration(event.seconds)}`]
      case "NodeFailed":
        return [`${event.node}: failed`]
      case "NodeBlocked":
        return [blockedLine(event.node, event.below, command)]
      case "RunFinished":
        return []
    }
  }
}
