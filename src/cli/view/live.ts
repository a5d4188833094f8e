/** The live view as lines: a pure function of the run's state, the terminal's size and the time. */
import { bytes, clock, duration, metric, plural, rate } from "../text/format.ts"
import { style } from "../text/terminal.ts"
import { pad, truncate, widthOf } from "../text/width.ts"
import { bar, sparkline } from "./bar.ts"
import { awaitedBy, countOf, type NodeView, paceOf, type RunView, type Status } from "./state.ts"

export interface Size {
  readonly columns: number
  readonly rows: number
}

const signs: Record<Status, string> = {
  waiting: style("dim", "·"),
  hit: style("dim", "✓"),
  running: style("cyan", "▶"),
  done: style("green", "✓"),
  failed: style("red", "✗"),
  blocked: style("yellow", "–")
}

const nameColumns = (view: RunView, columns: number): number =>
  Math.min(Math.max(...view.nodes.map((node) => widthOf(node.name)), 4), Math.max(8, Math.floor(columns * 0.4)))

/** What follows the name of a node that works: bar, count, rate, time. */
const working = (node: NodeView, columns: number, now: number): string => {
  const elapsed = clock((now - (node.startedAt ?? now)) / 1000)
  const { progress } = node
  if (progress === undefined) return style("dim", elapsed)
  const pace = paceOf(node, now)
  const count = `${metric(progress.completed)}/${metric(progress.total)} ${progress.unit}`
  const left = pace === undefined ? [] : [`${clock(pace.left)} left`]
  const all = [count, ...(pace === undefined ? [] : [rate(pace.rate)]), elapsed, ...left]
  // On a narrow terminal the time left is what is missed most.
  const fitting = [all, [count, ...left], left].map((parts) => parts.join("  "))
  const facts = fitting.find((text) => text !== "" && widthOf(text) <= columns) ?? count
  const room = Math.min(30, columns - widthOf(facts) - 2)
  if (room < 6) return facts
  return `${style("cyan", bar(progress.total === 0 ? 0 : progress.completed / progress.total, room))}  ${facts}`
}

const waiting = (view: RunView, node: NodeView): string => {
  if (node.awaits !== undefined) return style("yellow", `waits for ${node.awaits}`)
  if (!view.inputs.has(node.name)) return ""
  const [first, ...more] = awaitedBy(view, node.name)
  if (first === undefined) return style("dim", "waits for its turn")
  return style("dim", `after ${first}${more.length === 0 ? "" : ` and ${more.length} more`}`)
}

const restOf = (view: RunView, node: NodeView, columns: number, now: number): string => {
  switch (node.status) {
    case "hit":
      return style("dim", "reused")
    case "done":
      return node.seconds === undefined ? "done" : duration(node.seconds)
    case "failed":
      return style("red", "failed")
    case "blocked":
      return style("yellow", "not run")
    case "waiting":
      return waiting(view, node)
    case "running":
      return working(node, columns, now)
  }
}

const metricsOf = (node: NodeView, columns: number): ReadonlyArray<string> => {
  const metrics = Object.entries(node.progress?.metrics ?? {})
  if (node.status !== "running" || metrics.length === 0) return []
  const room = Math.floor(columns / metrics.length) - 24
  const shown = metrics.map(([name, value]) => {
    const history = node.history[name] ?? []
    // A count, such as the epoch, has no trend to show.
    const trend = room < 4 || history.every(Number.isInteger) ? "" : sparkline(history, Math.min(room, 24))
    return `${style("dim", name)} ${metric(value)}${trend === "" ? "" : ` ${style("cyan", trend)}`}`
  })
  return [shown.join("   ")]
}

const linesOf = (view: RunView, node: NodeView, names: number, columns: number, now: number): ReadonlyArray<string> => {
  const name = pad(truncate(node.name, names), names)
  const shown = node.status === "hit" || node.status === "waiting" ? style("dim", name) : name
  const indent = names + 6
  return [
    `  ${signs[node.status]} ${shown}  ${restOf(view, node, columns - indent, now)}`,
    ...metricsOf(node, columns - indent).map((line) => " ".repeat(indent) + line)
  ]
}

const headline = (view: RunView, now: number): string => {
  const settled = countOf(view, "hit", "done", "failed", "blocked")
  const elapsed = clock((now - view.startedAt) / 1000)
  const memory = view.memory === undefined ? "" : `  ${bytes(view.memory)}`
  return `${style("bold", view.pipeline)}  ${settled} of ${plural(view.nodes.length, "stage")}  ${elapsed}${memory}`
}

/** Folds nodes of one status into a line, the fullest groups first, until the rest fits. */
const fold = (
  view: RunView,
  rows: number,
  render: (node: NodeView) => ReadonlyArray<string>
): ReadonlyArray<string> => {
  const folded = new Set<Status>()
  const titles: Record<Status, string> = {
    hit: "reused",
    waiting: "waiting",
    done: "done",
    blocked: "not run",
    failed: "failed",
    running: "running"
  }
  const draw = (): ReadonlyArray<string> => {
    const counts = [...folded].map((status) => [status, countOf(view, status)] as const)
    const summary = counts.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${titles[status]}`)
    const nodes = view.nodes.filter((node) => !folded.has(node.status)).flatMap(render)
    return summary.length === 0 ? nodes : [...nodes, style("dim", `  … ${summary.join(", ")}`)]
  }
  for (const status of ["hit", "waiting", "done", "blocked"] as const) {
    const lines = draw()
    if (lines.length <= rows) return lines
    folded.add(status)
  }
  const lines = draw()
  return lines.length <= rows ? lines : [...lines.slice(0, Math.max(0, rows - 1)), style("dim", "  …")]
}

/** The frame: at most `rows - 1` lines, none wider than `columns - 1`. */
export const renderLive = (view: RunView, size: Size, now: number): ReadonlyArray<string> => {
  const columns = Math.max(10, size.columns - 1)
  const names = nameColumns(view, columns)
  const rows = Math.max(1, size.rows - 2)
  const body = fold(view, rows, (node) => linesOf(view, node, names, columns, now))
  return [headline(view, now), ...body].map((line) => truncate(line, columns))
}
