/** The live view as lines: a pure function of the run's state, the terminal's size and the time. */
import { bytes, clock, duration, metric, plural, rate } from "../text/format.ts"
import { type Glyphs, unicode } from "../text/glyphs.ts"
import { style } from "../text/terminal.ts"
import { pad, truncate, widthOf, wrap } from "../text/width.ts"
import { bar } from "./bar.ts"
import { endingLine } from "./ending.ts"
import { groupsOf, linesBelow } from "./figures.ts"
import { type Folded, fold } from "./fold.ts"
import { awaitedBy, countOf, type NodeView, paceOf, type RunView, type Status } from "./state.ts"
import { type Branch, branchesOf } from "./tree.ts"

export interface Size {
  readonly columns: number
  readonly rows: number
}

const signOf = (status: Status, glyphs: Glyphs): string => {
  switch (status) {
    case "waiting":
      return style("dim", glyphs.waiting)
    case "hit":
      return style("dim", glyphs.good)
    case "running":
      return style("cyan", glyphs.running)
    case "done":
      return style("green", glyphs.good)
    case "failed":
      return style("red", glyphs.failed)
    case "blocked":
      return style("yellow", glyphs.blocked)
  }
}

/** Columns below which a bar says nothing. */
const leastBar = 6

/** What follows the name of a node that works: bar, count, rate, time. */
const working = (node: NodeView, columns: number, now: number, glyphs: Glyphs): string => {
  const elapsed = clock((now - (node.startedAt ?? now)) / 1000)
  const { progress } = node
  if (progress === undefined) return style("dim", elapsed)
  const pace = paceOf(node, now)
  const count = `${metric(progress.completed)}/${metric(progress.total)} ${progress.unit}`
  const left = pace === undefined ? [] : [`${clock(pace.left)} left`]
  const all = [count, ...(pace === undefined ? [] : [rate(pace.rate)]), elapsed, ...left]
  // On a narrow terminal the time left is what is missed most, and a bar says more than rate and time.
  const [most, few, least] = [all, [count, ...left], left].map((parts) => parts.join("  ")) as [string, string, string]
  const fits = (text: string, beside: number) => text !== "" && widthOf(text) + beside <= columns
  const facts =
    [most, few].find((text) => fits(text, leastBar + 2)) ?? [most, few, least].find((text) => fits(text, 0)) ?? count
  const room = Math.min(30, columns - widthOf(facts) - 2)
  if (room < leastBar) return facts
  return `${style("cyan", bar(progress.total === 0 ? 0 : progress.completed / progress.total, room, glyphs))}  ${facts}`
}

const waiting = (view: RunView, node: NodeView): string => {
  if (node.awaits !== undefined) return style("yellow", `waits for ${node.awaits}`)
  if (!view.inputs.has(node.name)) return ""
  const [first, ...more] = awaitedBy(view, node.name)
  if (first === undefined) return style("dim", "waits for its turn")
  return style("dim", `after ${first}${more.length === 0 ? "" : ` and ${more.length} more`}`)
}

const restOf = (view: RunView, node: NodeView, columns: number, now: number, glyphs: Glyphs): string => {
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
      return working(node, columns, now, glyphs)
  }
}

/** What is left stands in the same line where there is room, else below it. */
const headlines = (view: RunView, columns: number, now: number): ReadonlyArray<string> => {
  const settled = countOf(view, "hit", "done", "failed", "blocked")
  const elapsed = clock((now - view.startedAt) / 1000)
  const memory = view.memory === undefined ? "" : `  ${bytes(view.memory)}`
  const first = `${style("bold", view.pipeline)}  ${settled} of ${plural(view.nodes.length, "stage")}  ${elapsed}${memory}`
  const notice = view.ending ? wrap(endingLine(view), columns).map((line) => style("yellow", line)) : []
  if (view.left === undefined) return [first, ...notice]
  const beside = `${first}  ${view.left}`
  return [...(widthOf(beside) <= columns ? [beside] : [first, style("dim", view.left)]), ...notice]
}

const titles = { hit: "reused", done: "done", waiting: "waiting", blocked: "not run" } as const

const notShown = ({ left }: Folded, { ellipsis }: Glyphs): ReadonlyArray<string> => {
  const counts = [...left].map(([status, count]) => `${count} ${titles[status]}`)
  return counts.length === 0 ? [] : [style("dim", `  ${ellipsis} not shown: ${counts.join(", ")}`)]
}

/** Two columns a level of the tree, one where two would leave too little for the names. */
const branches = (view: RunView, folded: Folded, columns: number, glyphs: Glyphs) => {
  const widest = (drawn: ReadonlyArray<Branch>) =>
    Math.max(4, ...drawn.map(({ at, guide }) => guide.length + widthOf(view.nodes[at]!.name)))
  const room = Math.max(8, Math.floor(columns * 0.5))
  const wide = branchesOf(view.tree, folded.kept, 2, glyphs)
  const drawn = widest(wide) <= room ? wide : branchesOf(view.tree, folded.kept, 1, glyphs)
  return { drawn, label: Math.min(room, widest(drawn)) }
}

/** The frame: at most `rows - 1` lines, none wider than `columns - 1`. */
export const renderLive = (view: RunView, size: Size, now: number, glyphs: Glyphs = unicode): ReadonlyArray<string> => {
  const columns = Math.max(10, size.columns - 1)
  const heading = headlines(view, columns, now)
  const rows = Math.max(1, size.rows - 1 - heading.length)
  const cut = (text: string, room: number) => truncate(text, room, glyphs.ellipsis)
  const stays = view.nodes.filter(({ status }) => status === "running" || status === "failed")
  // Where the lines of what works do not all fit, only the first is shown of those below each.
  const most = stays.reduce((sum, node) => sum + 1 + groupsOf(node).length, 0) < rows ? Number.POSITIVE_INFINITY : 1
  const folded = fold(view, rows, (node) => 1 + Math.min(most, groupsOf(node).length))
  const { drawn, label } = branches(view, folded, columns, glyphs)
  const indent = label + 6
  const lines = drawn.flatMap(({ at, guide, below }) => {
    const node = view.nodes[at]!
    // However deep it stands, something of the name is to be seen.
    const lead = (text: string) => style("dim", text.slice(Math.max(0, guide.length - Math.floor(label / 2))))
    const room = label - widthOf(lead(guide))
    const name = pad(cut(node.name, room), room)
    const shown = node.status === "hit" || node.status === "waiting" ? style("dim", name) : name
    const rest = restOf(view, node, columns - indent, now, glyphs)
    const first = `  ${lead(guide)}${signOf(node.status, glyphs)} ${shown}  ${rest}`
    // Beside the names where all figures fit there, else further left.
    const least = Math.max(0, ...linesBelow(node, 0, glyphs).map(widthOf))
    const under = pad(`  ${lead(below)}`, least <= columns - indent ? indent : widthOf(lead(below)) + 2)
    return [
      first,
      ...linesBelow(node, columns - widthOf(under), glyphs)
        .slice(0, most)
        .map((line) => under + line)
    ]
  })
  const body = [...lines, ...notShown(folded, glyphs)]
  const fitting = body.length <= rows ? body : [...body.slice(0, rows - 1), style("dim", `  ${glyphs.ellipsis}`)]
  return [...heading, ...fitting].slice(0, Math.max(2, size.rows - 1)).map((line) => cut(line, columns))
}
