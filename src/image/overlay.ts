/** A coarse map laid over an image: the image in grey where the map is 0, in strong colour where it is 1. */

/** Dark blue to yellow through red, readable on grey skin and in print: stops of a map's value and RGB. */
const stops: ReadonlyArray<readonly [number, number, number]> = [
  [40, 40, 120],
  [160, 40, 140],
  [230, 80, 60],
  [255, 220, 70]
]

const colourOf = (value: number): readonly [number, number, number] => {
  const at = Math.min(stops.length - 1, Math.max(0, value * (stops.length - 1)))
  const [low, high] = [stops[Math.floor(at)]!, stops[Math.ceil(at)]!]
  const share = at - Math.floor(at)
  return [0, 1, 2].map((c) => low[c]! + share * (high[c]! - low[c]!)) as [number, number, number]
}

/** The map's value at a point in [0, 1]², bilinear between the centres of its cells. */
const valueAt = (map: ArrayLike<number>, cells: number, x: number, y: number): number => {
  const clamp = (v: number) => Math.min(cells - 1, Math.max(0, v * cells - 0.5))
  const [u, v] = [clamp(x), clamp(y)]
  const [left, top] = [Math.floor(u), Math.floor(v)]
  const [right, bottom] = [Math.min(cells - 1, left + 1), Math.min(cells - 1, top + 1)]
  const along = (row: number) => map[row * cells + left]! * (1 - (u - left)) + map[row * cells + right]! * (u - left)
  return along(top) * (1 - (v - top)) + along(bottom) * (v - top)
}

/**
 * @param image side × side × 3 values
 * @param map cells × cells values in [0, 1]
 * @returns side × side × 3 values
 */
export const overlay = (image: Uint8Array, side: number, map: ArrayLike<number>, cells: number): Uint8Array => {
  const out = new Uint8Array(image.length)
  for (let y = 0, o = 0; y < side; y++) {
    for (let x = 0; x < side; x++, o += 3) {
      const grey = 0.299 * image[o]! + 0.587 * image[o + 1]! + 0.114 * image[o + 2]!
      const value = valueAt(map, cells, (x + 0.5) / side, (y + 0.5) / side)
      const opacity = 0.65 * value
      const colour = colourOf(value)
      for (let c = 0; c < 3; c++) out[o + c] = Math.round((1 - opacity) * grey + opacity * colour[c]!)
    }
  }
  return out
}
