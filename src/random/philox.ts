/**
 * Philox4x32-10, a counter-based generator: block `counter` of the stream `key` is a pure function of both, so a draw
 * never depends on what was drawn before it.
 *
 * Source: J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11 (Random123).
 */

const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** High 32 bits of the 64-bit product of two unsigned 32-bit integers. */
const high = (a: number, b: number): number => {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  const low = a0 * b0
  const middle1 = a1 * b0 + Math.floor(low / 0x10000)
  const middle2 = a0 * b1 + (middle1 % 0x10000)
  return (a1 * b1 + Math.floor(middle1 / 0x10000) + Math.floor(middle2 / 0x10000)) >>> 0
}

/** Writes the four unsigned 32-bit words of one block into `out`. */
export const philox4x32 = (
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array
): void => {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const h0 = high(M0, c0)
    const l0 = Math.imul(M0, c0) >>> 0
    const h1 = high(M1, c2)
    const l1 = Math.imul(M1, c2) >>> 0
    c0 = (h1 ^ c1 ^ k0) >>> 0
    c1 = l1
    c2 = (h0 ^ c3 ^ k1) >>> 0
    c3 = l0
    k0 = (k0 + W0) >>> 0
    k1 = (k1 + W1) >>> 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}
