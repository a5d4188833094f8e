/** A coarse map laid over an image of the same size: what the report shows beside the image. */
import { heatAt, heatColour } from "./heat-map.ts"

/**
 * The image in grey, the hotter the more coloured: so that the colours of skin and map are not mixed up.
 * @param image side × side × 3 values
 * @param map cells × cells values in [0, 1]
 * @returns side × side × 3 values
 */
export const overlay = (image: Uint8Array, side: number, map: ArrayLike<number>, cells: number): Uint8Array => {
  const out = new Uint8Array(image.length)
  for (let y = 0, o = 0; y < side; y++) {
    for (let x = 0; x < side; x++, o += 3) {
      const grey = 0.299 * image[o]! + 0.587 * image[o + 1]! + 0.114 * image[o + 2]!
      const heat = heatAt(map, cells, (x + 0.5) / side, (y + 0.5) / side)
      const opacity = 0.65 * heat
      const colour = heatColour(heat)
      for (const c of [0, 1, 2] as const) out[o + c] = Math.round((1 - opacity) * grey + opacity * colour[c])
    }
  }
  return out
}
