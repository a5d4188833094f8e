/** The run as plain lines, for logs and pipes: a start, now and then a progress line, an end. */
import type { Event } from "../../dag/events.ts"
import { describe } from "../../dag/reason.ts"
import type { StageProgress } from "../../dag/services.ts"
import { clock, duration, metric, percent, plural, rate } from "../text/format.ts"
import { type NodeView, nodeOf, paceOf, type RunView } from "./state.ts"

/** At most one progress line a node in this time, or in this part of its work; milliseconds. */
const every = 10_000
const step = 0.1

interface Shown {
  readonly at: number
  readonly part: number
}

const progressLine = (node: NodeView, progress: StageProgress, now: number): string => {
  const part = progress.total === 0 ? 0 : progress.completed / progress.total
  const pace = paceOf(node, now)
  const figures = Object.entries(progress.metrics ?? {}).map(([name, value]) => `${name} ${metric(value)}`)
  const facts = [
    `${percent(part)}`,
    `${metric(progress.completed)}/${metric(progress.total)} ${progress.unit}`,
    ...(pace === undefined ? [] : [rate(pace.rate), `${clock(pace.left)} left`]),
    ...figures
  ]
  return `${node.name}: ${facts.join(", ")}`
}

/** Warnings of files that a stage read and its key does not know of. */
export const undeclaredLines = (node: string, paths: ReadonlyArray<string>): ReadonlyArray<string> =>
  paths.map((path) => `${node}: warning: it read ${path} undeclared; a change of that file will not run it again`)

/** Keeps what was shown last of each node, so that progress is told sparingly. */
export const makePlain = (): ((view: RunView, event: Event, now: number) => ReadonlyArray<string>) => {
  const shown = new Map<string, Shown>()
  const progress = (view: RunView, name: string, now: number): ReadonlyArray<string> => {
    const current = nodeOf(view, name)
    if (current?.progress === undefined) return []
    const { completed, total } = current.progress
    const part = total === 0 ? 0 : completed / total
    const last = shown.get(name) ?? { at: current.startedAt ?? now, part: 0 }
    const due = now - last.at >= every || part - last.part >= step - 1e-9 || part < last.part
    if (!due) return []
    shown.set(name, { at: now, part })
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
        return [`${event.node}: started (${event.reasons.map(describe).join("; ")})`]
      case "NodeProgress":
        return progress(view, event.node, now)
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
        return [`${event.node}: not run${event.below.length === 0 ? "" : ` (needs ${event.below.join(", ")})`}`]
      case "RunFinished":
        return []
    }
  }
}
