/** Point operations on 8-bit values: a table of 256 entries, looked up. */
import { type Pixels, unwritten } from "../pixels.ts"

export const clampByte = (value: number): number => Math.min(255, Math.max(0, value))

/** One table for the three channels. */
export const lookUp = ({ width, height, data }: Pixels, table: Uint8Array): Pixels => {
  const image = unwritten(width, height)
  const out = image.data
  for (let i = 0; i < out.length; i++) out[i] = table[data[i]!]!
  return image
}
