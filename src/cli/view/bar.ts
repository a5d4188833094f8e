/** Bars and sparklines out of block characters. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

/** A bar of exactly `columns`, filled to `part` (0 to 1), in steps of an eighth of a column. */
export const bar = (part: number, columns: number): string => {
  const steps = Math.round(Math.min(1, Math.max(0, part)) * columns * 8)
  const full = Math.floor(steps / 8)
  const filled = "█".repeat(full) + eighths[steps % 8]
  return filled + "░".repeat(columns - filled.length)
}

const levels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

/** The last `columns` values, the least as the lowest block. Empty where there are fewer than two. */
export const sparkline = (values: ReadonlyArray<number>, columns: number): string => {
  const shown = values.slice(-columns)
  if (shown.length < 2) return ""
  const least = Math.min(...shown)
  const span = Math.max(...shown) - least
  return shown.map((value) => levels[span === 0 ? 3 : Math.round(((value - least) / span) * 7)]).join("")
}
