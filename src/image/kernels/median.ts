/** Median of a square window, channel by channel, edges repeated (OpenCV's rule for medians). */
import type { Pixels } from "../pixels.ts"
import { borderIndex } from "./border.ts"

/**
 * A histogram of the window slides along each row, and the median's level with it: T. S. Huang et al., "A fast
 * two-dimensional median filtering algorithm" (1979).
 */
export const medianBlur = ({ width, height, data }: Pixels, size: number): Pixels => {
  const radius = size >> 1
  const half = (size * size) >> 1
  const out = new Uint8Array(data.length)
  const columns = Int32Array.from({ length: width + size }, (_, i) => borderIndex(i - radius, width, "replicate") * 3)
  const rows = Int32Array.from(
    { length: height + size },
    (_, i) => borderIndex(i - radius, height, "replicate") * width * 3
  )
  const histogram = new Int32Array(256)
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      histogram.fill(0)
      for (let dy = 0; dy < size; dy++) {
        for (let dx = 0; dx < size; dx++) histogram[data[rows[y + dy]! + columns[dx]! + channel]!]! += 1
      }
      let level = 0
      let below = 0
      for (let x = 0; x < width; x++) {
        while (below > half) below -= histogram[--level]!
        while (below + histogram[level]! <= half) below += histogram[level++]!
        out[(y * width + x) * 3 + channel] = level
        for (let dy = 0; dy < size; dy++) {
          const row = rows[y + dy]! + channel
          const leaving = data[row + columns[x]!]!
          const entering = data[row + columns[x + size]!]!
          histogram[leaving]! -= 1
          histogram[entering]! += 1
          if (leaving < level) below--
          if (entering < level) below++
        }
      }
    }
  }
  return { width, height, data: out }
}
