/** Draws frames in place on a terminal: no flicker, nothing left over when a frame shrinks or the window changes. */
import { widthOf } from "../text/width.ts"
import type { Size } from "./live.ts"

const csi = "\u001B["
const hideCursor = `${csi}?25l`
const showCursor = `${csi}?25h`
/** The terminal shows a frame only when it is whole (where it knows of this mode; others ignore it). */
const beginFrame = `${csi}?2026h`
const endFrame = `${csi}?2026l`
const clearBelow = `${csi}J`
const clearLine = `${csi}K`

export interface Screen {
  readonly draw: (lines: ReadonlyArray<string>) => void
  /** Removes the frame and gives the cursor back. */
  readonly close: () => void
}

export interface Surface {
  readonly write: (text: string) => void
  readonly size: () => Size
}

/** Rows that lines take at a width: a window made narrower since they were drawn has wrapped them. */
export const rowsTaken = (lines: ReadonlyArray<string>, columns: number): number =>
  lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / Math.max(1, columns))), 0)

export const makeScreen = (surface: Surface): Screen => {
  let drawn: ReadonlyArray<string> = []
  let open = false
  const toStart = (): string => {
    const rows = Math.min(rowsTaken(drawn, surface.size().columns), surface.size().rows - 1)
    return rows > 0 ? `\r${csi}${rows}A` : "\r"
  }
  return {
    draw: (lines) => {
      const body = lines.map((line) => `${line}${clearLine}\n`).join("")
      surface.write(`${beginFrame}${open ? "" : hideCursor}${toStart()}${body}${clearBelow}${endFrame}`)
      drawn = lines
      open = true
    },
    close: () => {
      if (!open) return
      surface.write(`${toStart()}${clearBelow}${showCursor}`)
      drawn = []
      open = false
    }
  }
}
