/** How much the gradient's tape keeps, layer by layer. */
import type { NetworkPlan } from "../architecture/network.ts"

/**
 * Bytes per layer from layer `start` on, for an input of this shape (N, H, W, ...): the inputs of convolutions, batch
 * norms and activations.
 */
export const tapeBytes = (
  { architecture }: NetworkPlan,
  start: number,
  [images, height]: readonly [number, number, ...ReadonlyArray<number>]
): ReadonlyArray<number> => {
  const result: Array<number> = []
  let side = height
  const layer = (index: number, stride: number, inside: number, outside: number): void => {
    if (index < start) return
    const before = side
    side = Math.ceil(side / stride)
    result.push(4 * images * (before * before * inside + side * side * outside))
  }
  layer(0, 2, 0, 3 * architecture.stem)
  for (const [index, { stride, input, middle, output }] of architecture.blocks.entries()) {
    layer(1 + index, stride, middle === input ? 0 : 3 * middle, 4 * middle + 2 * output)
  }
  layer(1 + architecture.blocks.length, 1, 0, 3 * architecture.head)
  return result
}
