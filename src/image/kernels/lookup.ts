/** Point operations on 8-bit values: a table of 256 entries, looked up. */
import type { Pixels } from "../pixels.ts"

export const clampByte = (value: number): number => Math.min(255, Math.max(0, value))

/** One table for the three channels. */
export const lookUp = ({ width, height, data }: Pixels, table: Uint8Array): Pixels => {
  const out = new Uint8Array(data.length)
  for (let i = 0; i < out.length; i++) out[i] = table[data[i]!]!
  return { width, height, data: out }
}
