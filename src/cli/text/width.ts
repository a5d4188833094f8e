/** Text measured in terminal columns. */
import { stripVTControlCharacters } from "node:util"
import { displayWidth } from "effect/cli/CliOutput"

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what begins a style
const styles = /(\u001B\[[0-9;]*m)/u

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" })

// Plain ASCII is nearly everything that is shown, and needs no segmentation.
const isAscii = (text: string): boolean => /^[\x20-\x7E]*$/u.test(text)

/** Columns that the text takes, styles not counted. */
export const widthOf = (text: string): number => {
  const bare = text.includes("\u001B") ? stripVTControlCharacters(text) : text
  return isAscii(bare) ? bare.length : displayWidth(bare)
}

/** Cuts text to at most `columns`, with an ellipsis (of one column) where something is lost. Styles are kept and closed. */
export const truncate = (text: string, columns: number, ellipsis = "…"): string => {
  if (columns <= 0) return ""
  if (widthOf(text) <= columns) return text
  let taken = ""
  let used = 0
  let styled = false
  const room = columns - 1
  for (const part of text.split(styles)) {
    if (part.startsWith("\u001B[")) {
      styled = true
      taken += part
      continue
    }
    for (const { segment } of segments.segment(part)) {
      const width = widthOf(segment)
      if (used + width > room) return `${taken}${ellipsis}${styled ? "\u001B[0m" : ""}`
      taken += segment
      used += width
    }
  }
  return taken
}

/** Fills up with spaces to `columns`. */
export const pad = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - widthOf(text)))

/** Rows of cells as lines, each column as wide as its widest cell; the last one is not filled up. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths: Array<number> = []
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))
  }
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at]!)))
      .join("  ")
      .trimEnd()
  )
}

/** Breaks text at spaces into lines of at most `columns`; a longer word stands alone. */
export const wrap = (text: string, columns: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const word of text.split(/\s+/u)) {
    const last = lines.at(-1)
    if (last === undefined || widthOf(last) + 1 + widthOf(word) > columns) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
