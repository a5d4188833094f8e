/** The figures of a node that works, as lines below it: those of the moment, then a line for each group of its results. */
import { metric } from "../text/format.ts"
import type { Glyphs } from "../text/glyphs.ts"
import { style } from "../text/terminal.ts"
import { pad, widthOf } from "../text/width.ts"
import { sparkline } from "./bar.ts"
import { figureName, type NodeView } from "./state.ts"

type Figures = Readonly<Record<string, number>>

interface Group {
  /** Empty for the figures of the moment. */
  readonly title: string
  readonly figures: Figures
}

export const groupsOf = ({ status, progress, results = {} }: NodeView): ReadonlyArray<Group> => {
  if (status !== "running") return []
  const groups = [{ title: "", figures: progress?.metrics ?? {} }]
  for (const [title, figures] of Object.entries(results)) groups.push({ title, figures })
  return groups.filter(({ figures }) => Object.keys(figures).length > 0)
}

/** Each with its trend, where the columns have room for at least four of its values. */
const lineOf = (
  figures: Figures,
  historyOf: (name: string) => ReadonlyArray<number>,
  columns: number,
  glyphs: Glyphs
): string => {
  const metrics = Object.entries(figures).map(([name, value]) => {
    const history = historyOf(name)
    // A count, such as the epoch, has no trend to show.
    return { name, value: metric(value), history: history.every(Number.isInteger) ? [] : history }
  })
  const taken = metrics.reduce((sum, { name, value }) => sum + widthOf(`${name} ${value}    `), 0)
  const room = Math.floor((columns - taken) / metrics.filter(({ history }) => history.length > 0).length)
  const shown = metrics.map(({ name, value, history }) => {
    const trend = room < 4 ? "" : sparkline(history, Math.min(room, 24), glyphs)
    return `${style("dim", name)} ${value}${trend === "" ? "" : ` ${style("cyan", trend)}`}`
  })
  return shown.join("   ")
}

/** As many as `groupsOf` has groups; their titles stand before them, filled up to one width. */
export const linesBelow = (node: NodeView, columns: number, glyphs: Glyphs): ReadonlyArray<string> => {
  const groups = groupsOf(node)
  const widest = groups.reduce((most, { title }) => Math.max(most, widthOf(title)), 0)
  return groups.map(({ title, figures }) => {
    const lead = title === "" ? "" : `${style("dim", pad(title, widest))}  `
    const historyOf = (name: string) => node.history[title === "" ? name : figureName(title, name)] ?? []
    return lead + lineOf(figures, historyOf, columns - widthOf(lead), glyphs)
  })
}
