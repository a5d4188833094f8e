/** How much the gradient's tape keeps, layer by layer. */
import type { NetworkPlan } from "../architecture/network.ts"
import { normSwishTensors } from "../operations.ts"

/**
 * Bytes per layer from layer `start` on, for an input of this shape (N, H, W, ...): all that is made between the layer's
 * input and its output, inclusive, since TensorFlow.js frees nothing before the segment's gradients are there. A
 * convolution with its batch norm makes two tensors; where a swish follows, that is for the backend to say.
 */
export const tapeBytes = (
  { architecture }: NetworkPlan,
  start: number,
  [images, height]: readonly [number, number, ...ReadonlyArray<number>]
): ReadonlyArray<number> => {
  const { stem, blocks, head, headConvolution } = architecture
  const swished = 1 + normSwishTensors()
  const result: Array<number> = []
  let side = height
  /** `inside` and `outside`: channels of what is made at the resolution of the layer's input and of its output. */
  const layer = (index: number, stride: number, inside: number, outside: number): void => {
    if (index < start) return
    const before = side
    side = Math.ceil(side / stride)
    result.push(4 * images * (before * before * inside + side * side * outside))
  }
  if (headConvolution) layer(0, 2, 0, swished * stem)
  // ResNet's stem pools: what it makes lies at four times the pixels of what it gives.
  else layer(0, 4, 0, 4 * 3 * stem + stem)
  for (const [index, shape] of blocks.entries()) {
    const { stride, input, middle, output, skip } = shape
    if (shape.kind === "mbconv") {
      // The skip is a sum, and before it stochastic depth a product.
      const ends = (skip ? 4 : 2) * output
      layer(1 + index, stride, middle === input ? 0 : swished * middle, (swished + 1) * middle + ends)
    } else {
      // Three max(x, 0), the last of the sum of the branch with the shortcut.
      layer(1 + index, stride, 3 * middle, 3 * middle + (skip ? 4 : 6) * output)
    }
  }
  layer(1 + blocks.length, 1, 0, headConvolution ? swished * head : 0)
  return result
}
