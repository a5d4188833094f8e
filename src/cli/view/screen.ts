/**
 * Draws frames on the terminal's other screen: the user's own lines come back as they were, and no line of an older frame
 * stays, whatever becomes of the window's size.
 */
const csi = "\u001B["
const enter = `${csi}?1049h${csi}?25l`
const leave = `${csi}?25h${csi}?1049l`
/** The terminal shows a frame only when it is whole (where it knows of this mode; others ignore it). */
const beginFrame = `${csi}?2026h`
const endFrame = `${csi}?2026l`
const home = `${csi}H`
const clearBelow = `${csi}J`
const clearLine = `${csi}K`

export interface Screen {
  readonly draw: (lines: ReadonlyArray<string>) => void
  /** Gives the user's screen and the cursor back. */
  readonly close: () => void
}

export const makeScreen = (write: (text: string) => void): Screen => {
  let open = false
  return {
    draw: (lines) => {
      const body = lines.map((line) => `${line}${clearLine}\r\n`).join("")
      write(`${open ? "" : enter}${beginFrame}${home}${body}${clearBelow}${endFrame}`)
      open = true
    },
    close: () => {
      if (open) write(leave)
      open = false
    }
  }
}
