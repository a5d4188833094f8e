/** Additive noise. */
import type { Generator } from "../../random/generator.ts"
import type { Pixels } from "../pixels.ts"
import { clampByte } from "./lookup.ts"

const LEVELS = 65536
/** How finely the density is summed up. */
const STEP = 1 / 4096

/** Quantiles of the normal distribution at (i + ½) / 65536: ±4.2 at the ends. */
const quantiles = (): Float32Array => {
  const table = new Float32Array(LEVELS)
  let z = -5
  let below = 0
  for (let i = 0; i < LEVELS; i++) {
    const wanted = (i + 0.5) / LEVELS
    for (; below < wanted && z < 5; z += STEP) {
      below += (STEP * Math.exp(-((z + STEP / 2) ** 2) / 2)) / Math.sqrt(2 * Math.PI)
    }
    table[i] = z
  }
  return table
}
let normal: Float32Array | undefined

/**
 * Adds an independent normal draw to every value, clipped and truncated to 8 bits. `deviation` in grey levels. Draws
 * have 16 bits, far finer than the grey levels they end in, so that one random word serves two values.
 */
export const gaussNoise = ({ width, height, data }: Pixels, deviation: number, noise: Generator): Pixels => {
  normal ??= quantiles()
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i += 2) {
    const word = noise.uint32()
    out[i] = clampByte(data[i]! + deviation * normal[word & 0xffff]!)
    if (i + 1 < data.length) out[i + 1] = clampByte(data[i + 1]! + deviation * normal[word >>> 16]!)
  }
  return { width, height, data: out }
}
