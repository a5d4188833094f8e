/** Half precision (IEEE 754 binary16), rounded to the nearest, ties to even. */

const scratch = new Float32Array(1)
const bitsOf = new Uint32Array(scratch.buffer)

const toHalf = (value: number): number => {
  scratch[0] = value
  const bits = bitsOf[0]!
  const sign = (bits >>> 16) & 0x8000
  const size = bits & 0x7fffffff
  if (size > 0x7f800000) return sign | 0x7e00
  // From halfway between the greatest half, 65504, and the next power of two on: infinity.
  if (size >= 0x477ff000) return sign | 0x7c00
  // Below the least normal half, 2 ** -14: multiples of 2 ** -24. Adding 0.5 rounds to them in float32's own way.
  if (size < 0x38800000) {
    bitsOf[0] = size
    scratch[0] = scratch[0]! + 0.5
    return sign | (bitsOf[0]! - 0x3f000000)
  }
  const odd = (size >>> 13) & 1
  return sign | ((size - 0x38000000 + 0xfff + odd) >>> 13)
}

export const halfToFloat = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

let table: Float32Array | undefined

export const encodeHalves = (numbers: Float32Array): Uint16Array => Uint16Array.from(numbers, toHalf)

export const decodeHalves = (halves: Uint16Array, into: Float32Array): void => {
  table ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfToFloat(bits))
  for (let i = 0; i < halves.length; i++) into[i] = table[halves[i]!]!
}
