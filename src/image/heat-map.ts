/** Heat maps over images: where a network saw its reason, as a picture to look at. */
import * as Effect from "effect/Effect"
import sharp from "sharp"

export interface HeatMapped {
  /** `side` × `side` × 3 values. */
  readonly pixels: Uint8Array
  readonly side: number
  /** `cells` × `cells` values in [0, 1]. */
  readonly map: ArrayLike<number>
  readonly cells: number
}

/** Pictures are at least this wide, pixels: small images are magnified. */
const LEAST = 224
const GAP = 4

/** Dark blue over violet and orange to yellow, from 0 to 1: readable without hue, too. */
const stops = [
  [13, 8, 135],
  [126, 3, 168],
  [204, 71, 120],
  [248, 149, 64],
  [240, 249, 33]
] as const

/** RGB, 0 to 255, of a heat in [0, 1]. */
export const heatColour = (heat: number): readonly [number, number, number] => {
  const place = Math.min(1, Math.max(0, heat)) * (stops.length - 1)
  const at = Math.min(stops.length - 2, Math.floor(place))
  const [from, to] = [stops[at]!, stops[at + 1]!]
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (place - at) * (to[channel] - from[channel]))
  return [mix(0), mix(1), mix(2)]
}

/** The map at a point, bilinear between the centres of its cells. */
export const heatAt = (map: ArrayLike<number>, cells: number, x: number, y: number): number => {
  const clamp = (value: number) => Math.min(cells - 1, Math.max(0, value))
  const [u, v] = [clamp(x * cells - 0.5), clamp(y * cells - 0.5)]
  const [left, top] = [Math.floor(u), Math.floor(v)]
  const [right, bottom] = [Math.min(cells - 1, left + 1), Math.min(cells - 1, top + 1)]
  const row = (line: number) => map[line * cells + left]! * (1 - u + left) + map[line * cells + right]! * (u - left)
  return row(top) * (1 - v + top) + row(bottom) * (v - top)
}

/** PNG bytes: the image, and beside it the image with the map over it, the hotter the more opaque. */
export const heatPicture = ({ pixels, side, map, cells }: HeatMapped): Effect.Effect<Uint8Array> =>
  Effect.promise(async () => {
    const shown = Math.max(LEAST, side)
    const width = 2 * shown + GAP
    const data = new Uint8Array(width * shown * 3).fill(255)
    for (let y = 0; y < shown; y++) {
      for (let x = 0; x < shown; x++) {
        const from = (Math.floor((y * side) / shown) * side + Math.floor((x * side) / shown)) * 3
        const heat = heatAt(map, cells, (x + 0.5) / shown, (y + 0.5) / shown)
        const colour = heatColour(heat)
        const opacity = 0.15 + 0.5 * heat
        const [plain, mapped] = [(y * width + x) * 3, (y * width + shown + GAP + x) * 3]
        for (const channel of [0, 1, 2] as const) {
          const value = pixels[from + channel]!
          data[plain + channel] = value
          data[mapped + channel] = Math.round(value * (1 - opacity) + colour[channel] * opacity)
        }
      }
    }
    const png = await sharp(data, { raw: { width, height: shown, channels: 3 } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    return new Uint8Array(png.buffer, png.byteOffset, png.length)
  })
