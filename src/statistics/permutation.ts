/** The test over training seeds that assumes nothing of the distribution. */
import { generator } from "../random/generator.ts"
import type { Permutation } from "./comparison-types.ts"
import { mean } from "./numeric.ts"

/** Up to this many seeds all 2^k sign patterns are counted; beyond, this many are drawn. */
const EXACT_UP_TO = 14
const DRAWS = 10_000

/**
 * Sign-flip test of the paired differences of k seeds: if the arms were exchangeable, each difference could as well have
 * the other sign. Two-sided p = share of sign patterns whose |mean| is at least the observed one: all 2^k of them, or
 * (1 + count) / (1 + draws) (Fisher 1935; Phipson & Smyth 2010). It says whether training runs differ on this test set,
 * not whether other patients would agree. `null` with fewer than two seeds.
 */
export const signFlip = (differences: ReadonlyArray<number>, key: ReadonlyArray<string | number>): Permutation => {
  const k = differences.length
  if (k < 2) {
    return { p: null, reason: "needs at least two seeds", flips: 0, exact: true, smallest: null }
  }
  // Rounding must not part patterns that are equal, the observed one among them.
  const observed = Math.abs(mean(differences)) * (1 - 1e-12)
  const extreme = (sign: (at: number) => boolean): boolean =>
    Math.abs(mean(differences.map((d, at) => (sign(at) ? -d : d)))) >= observed
  if (k <= EXACT_UP_TO) {
    const flips = 2 ** k
    let count = 0
    for (let pattern = 0; pattern < flips; pattern++) if (extreme((at) => ((pattern >> at) & 1) === 1)) count++
    return { p: count / flips, reason: null, flips, exact: true, smallest: 2 / flips }
  }
  const random = generator("sign flip", ...key)
  let count = 0
  for (let draw = 0; draw < DRAWS; draw++) if (extreme(() => random.integer(2) === 1)) count++
  return { p: (1 + count) / (1 + DRAWS), reason: null, flips: DRAWS, exact: false, smallest: 1 / (1 + DRAWS) }
}
