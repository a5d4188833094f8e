/** How much room the texts of a forest plot take, beside the plot or over its intervals. */
import { visible } from "../html.ts"
import type { ForestRow } from "./forest.ts"
import { shorten, textWidth } from "./layers.ts"

/** Room between texts and what stands beside them, and how far a part is set in, in pixels. */
const beside = 24
const indent = 12

export const indentOf = ({ kind }: ForestRow): number => (kind === "part" ? indent : 0)

/** How much wider than it is taken to be a text may turn out: faces differ, and some texts are bold. */
const wider = 1.2

/** The limit for a text that may take so many pixels. */
export const room = (pixels: number): number => pixels / wider

/** Pixels that the widest of the texts takes, within limits. */
const column = (texts: ReadonlyArray<string>, least: number, most: number): number =>
  Math.min(most, Math.max(least, wider * Math.max(0, ...texts.map((text) => textWidth(visible(text)))) + beside))

interface Frame {
  readonly width: number
  readonly left: number
  readonly right: number
}

/** Beside the plot each column is as wide as its texts. */
export const wideFrame = (rows: ReadonlyArray<ForestRow>): Frame => {
  const left = column(
    rows.map((row) => row.label),
    120,
    270
  )
  const right = column(
    rows.map((row) => row.text),
    186,
    240
  )
  return { width: 870 - left - right, left, right }
}

export const narrowFrame: Frame = { width: 323, left: 6, right: 6 }

/** Whether name and figures of a row stand beside each other over its interval; else the figures stand below the name. */
export const fitsOneLine = (row: ForestRow, width: number): boolean =>
  wider * (textWidth(visible(row.label)) + textWidth(row.text)) + indentOf(row) + 10 <= width

/** In one line, or cut where the quantity ends and the arms begin. */
export const titleLines = (title: string, width: number): Array<string> => {
  const text = visible(title)
  const comma = text.indexOf(", ")
  return textWidth(text) <= room(width) || comma < 0
    ? [shorten(text, room(width))]
    : [text.slice(0, comma + 1), shorten(text.slice(comma + 2), room(width))]
}
