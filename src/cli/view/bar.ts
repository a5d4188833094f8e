/** Bars and sparklines, of block characters or of ASCII. */
import { type Glyphs, unicode } from "../text/glyphs.ts"

/** A bar of exactly `columns`, filled to `part` (0 to 1), in steps of an eighth of a column where the glyphs have eighths. */
export const bar = (part: number, columns: number, glyphs: Glyphs = unicode): string => {
  const { full, empty, parts } = glyphs
  const perColumn = parts.length + 1
  const steps = Math.round(Math.min(1, Math.max(0, part)) * columns * perColumn)
  const filled = full.repeat(Math.floor(steps / perColumn)) + (["", ...parts][steps % perColumn] ?? "")
  return filled + empty.repeat(columns - filled.length)
}

/** The last `columns` values, the least as the lowest level. Empty where there are fewer than two. */
export const sparkline = (values: ReadonlyArray<number>, columns: number, { levels }: Glyphs = unicode): string => {
  const shown = values.slice(-columns)
  if (shown.length < 2) return ""
  const least = Math.min(...shown)
  const span = Math.max(...shown) - least
  const highest = levels.length - 1
  const level = (value: number) =>
    span === 0 ? Math.floor(highest / 2) : Math.round(((value - least) / span) * highest)
  return shown.map((value) => levels[level(value)]).join("")
}
