/**
 * Random numbers by name. A generator is addressed by a key such as `("augment", seed, imageDigest, view, transform)`:
 * the same key gives the same numbers in any order, on any worker, whatever else was drawn.
 */
import { createHash } from "node:crypto"
import { philox4x32 } from "./philox.ts"

export interface Generator {
  /** An integer in [0, 2^32). */
  readonly uint32: () => number
  /** A float in [0, 1) with 32 random bits. */
  readonly float: () => number
  /** A float in [low, high). */
  readonly uniform: (low: number, high: number) => number
  /** An integer in [0, bound), without modulo bias. */
  readonly integer: (bound: number) => number
  /** A draw from the normal distribution (Box-Muller). */
  readonly normal: (mean?: number, deviation?: number) => number
  /** A new array with the elements in random order (Fisher-Yates). */
  readonly shuffle: <A>(values: Iterable<A>) => Array<A>
}

/** Joins the parts with their types and lengths, so that ("ab", "c") and ("a", "bc") differ, and 1 and "1" too. */
const seedWords = (parts: ReadonlyArray<string | number>): [number, number, number, number] => {
  const hash = createHash("sha256")
  for (const part of parts) {
    const text = String(part)
    hash.update(`${typeof part === "number" ? "n" : "s"}${Buffer.byteLength(text)}:${text}`)
  }
  const digest = hash.digest()
  return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12)]
}

/** The generator addressed by `parts`. Equal parts give equal streams. */
export const generator = (...parts: ReadonlyArray<string | number>): Generator => {
  const [k0, k1, c2, c3] = seedWords(parts)
  const block = new Uint32Array(4)
  let index = 0
  let position = 4
  const uint32 = (): number => {
    if (position === 4) {
      philox4x32([index >>> 0, Math.floor(index / 0x100000000) >>> 0, c2, c3], [k0, k1], block)
      index++
      position = 0
    }
    return block[position++]!
  }
  const float = (): number => uint32() / 0x100000000
  const integer = (bound: number): number => {
    const limit = 0x100000000 - (0x100000000 % bound)
    for (;;) {
      const value = uint32()
      if (value < limit) return value % bound
    }
  }
  const normal = (mean = 0, deviation = 1): number => {
    const radius = Math.sqrt(-2 * Math.log(1 - float()))
    return mean + deviation * radius * Math.cos(2 * Math.PI * float())
  }
  const shuffle = <A>(values: Iterable<A>): Array<A> => {
    const result = [...values]
    for (let last = result.length - 1; last > 0; last--) {
      const other = integer(last + 1)
      const kept = result[last]!
      result[last] = result[other]!
      result[other] = kept
    }
    return result
  }
  return { uint32, float, uniform: (low, high) => low + (high - low) * float(), integer, normal, shuffle }
}
