/**
 * Shifts of hue, saturation and value in OpenCV's 8-bit HSV (H in half degrees, 0…179), to and fro with its fixed-point
 * rounding, since the round trip through 8 bits is itself part of what the transform does to an image.
 */
import { type Pixels, unwritten } from "../pixels.ts"
import { clampByte } from "./lookup.ts"
import { roundHalfEven } from "./warp-affine.ts"

export interface HsvShift {
  /** Half degrees, wrapping at 180. */
  readonly hue: number
  /** Levels of 255, clipped. */
  readonly saturation: number
  readonly value: number
}

const SHIFT = 12
const ROUND = 1 << (SHIFT - 1)
const perValue = Int32Array.from({ length: 256 }, (_, v) => (v === 0 ? 0 : roundHalfEven((255 << SHIFT) / v)))
const perSpread = Int32Array.from({ length: 256 }, (_, d) => (d === 0 ? 0 : roundHalfEven((180 << SHIFT) / (6 * d))))

const positiveModulo = (value: number, modulus: number): number => ((value % modulus) + modulus) % modulus

/** Where a hue (0…179, as stored) lies after the shift: its sixth of the circle, and how far into it (0…1). */
const hueTables = (shift: number) => {
  const sectors = new Uint8Array(256)
  const rests = new Float64Array(256)
  for (let h = 0; h < 256; h++) {
    // Shifts are floats, the shifted hue truncated to 8 bits. A shift of 0 leaves the channel alone.
    const hue = (shift === 0 ? h : Math.trunc(positiveModulo(h + shift, 180))) / 30
    sectors[h] = Math.floor(hue) % 6
    rests[h] = hue - Math.floor(hue)
  }
  return { sectors, rests }
}
const clippedTable = (shift: number) => Uint8Array.from({ length: 256 }, (_, v) => Math.trunc(clampByte(v + shift)))

export const shiftHsv = ({ width, height, data }: Pixels, shift: HsvShift): Pixels => {
  const { sectors, rests } = hueTables(shift.hue)
  const saturations = Float64Array.from(clippedTable(shift.saturation), (s) => s / 255)
  const values = clippedTable(shift.value)
  const image = unwritten(width, height)
  const out = image.data
  for (let i = 0; i < data.length; i += 3) {
    const r = data[i]!
    const g = data[i + 1]!
    const b = data[i + 2]!
    const max = Math.max(r, g, b)
    const spread = max - Math.min(r, g, b)
    const sixth = max === r ? g - b : max === g ? b - r + 2 * spread : r - g + 4 * spread
    let h = (sixth * perSpread[spread]! + ROUND) >> SHIFT
    if (h < 0) h += 180
    const saturation = saturations[(spread * perValue[max]! + ROUND) >> SHIFT]!
    const value = values[max]!
    const rest = rests[h]!
    // Stored as whole numbers: truncated, not rounded, as OpenCV 4 does.
    const low = value * (1 - saturation)
    const falling = value * (1 - saturation * rest)
    const rising = value * (1 - saturation * (1 - rest))
    switch (sectors[h]) {
      case 0:
        out[i] = value
        out[i + 1] = rising
        out[i + 2] = low
        break
      case 1:
        out[i] = falling
        out[i + 1] = value
        out[i + 2] = low
        break
      case 2:
        out[i] = low
        out[i + 1] = value
        out[i + 2] = rising
        break
      case 3:
        out[i] = low
        out[i + 1] = falling
        out[i + 2] = value
        break
      case 4:
        out[i] = rising
        out[i + 1] = low
        out[i + 2] = value
        break
      default:
        out[i] = value
        out[i + 1] = low
        out[i + 2] = falling
    }
  }
  return image
}
