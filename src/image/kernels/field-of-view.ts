/** The round field that a dermoscope's tube leaves: black outside a circle. */
import type { Pixels } from "../pixels.ts"

/** Centre and radius in pixels; the edge is one pixel wide. */
export const maskOutsideCircle = ({ width, height, data }: Pixels, cx: number, cy: number, radius: number): Pixels => {
  const out = new Uint8Array(data.length)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const inside = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x + 0.5 - cx, y + 0.5 - cy)))
      if (inside === 0) continue
      out[at] = Math.round(data[at]! * inside)
      out[at + 1] = Math.round(data[at + 1]! * inside)
      out[at + 2] = Math.round(data[at + 2]! * inside)
    }
  }
  return { width, height, data: out }
}
