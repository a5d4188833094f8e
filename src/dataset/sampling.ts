/** The rows of one epoch in the order of training. */
import { generator } from "../random/generator.ts"
import type { Balance } from "./balance.ts"

/**
 * Indices into `balance.rows`, shape [epochLength], for epoch `epoch` of training seed `seed`. Systematic resampling: a
 * row with weight w is drawn ⌊w⌋ or ⌈w⌉ times, w on average, so that with all weights 1 the epoch is a permutation.
 * Source: J. Carpenter, P. Clifford, P. Fearnhead, "Improved particle filter for nonlinear problems", 1999.
 */
export const epochOrder = (balance: Pick<Balance, "rows" | "epochLength">, seed: number, epoch: number): Int32Array => {
  const random = generator("epoch", seed, epoch)
  // The rows are taken in random order, else neighbours in the table would never be drawn together.
  const order = random.shuffle(balance.rows.keys())
  const total = balance.rows.reduce((sum, { weight }) => sum + weight, 0)
  const step = total / balance.epochLength
  const drawn: Array<number> = []
  let next = random.float() * step
  let upTo = 0
  for (const index of order) {
    upTo += balance.rows[index]!.weight
    for (; next < upTo && drawn.length < balance.epochLength; next += step) drawn.push(index)
  }
  // Rounding of the sum can leave the last draw just beyond the end.
  while (drawn.length < balance.epochLength) drawn.push(order.at(-1)!)
  return Int32Array.from(random.shuffle(drawn))
}
