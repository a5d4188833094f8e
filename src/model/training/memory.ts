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
  const { stem, blocks, head, headConvolution } = architecture
  const result: Array<number> = []
  let side = height
  const layer = (index: number, stride: number, inside: number, outside: number): void => {
    if (index < start) return
    const before = side
    side = Math.ceil(side / stride)
    result.push(4 * images * (before * before * inside + side * side * outside))
  }
  if (headConvolution) layer(0, 2, 0, 3 * stem)
  // ResNet's stem pools: what it keeps lies at four times the pixels of what it gives.
  else layer(0, 4, 0, 4 * 3 * stem + stem)
  for (const [index, shape] of blocks.entries()) {
    const { stride, input, middle, output } = shape
    if (shape.kind === "mbconv") layer(1 + index, stride, middle === input ? 0 : 3 * middle, 4 * middle + 2 * output)
    else layer(1 + index, stride, 3 * middle, 3 * middle + (shape.skip ? 2 : 4) * output)
  }
  layer(1 + blocks.length, 1, 0, headConvolution ? 3 * head : 0)
  return result
}
