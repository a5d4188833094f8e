/** Padding in pixels by a family's rule. */
import type { Padding } from "./family.ts"

/** Rows or columns added before and after. */
export type Sides = readonly [number, number]

/** TensorFlow's SAME for one axis: as much as ceil(size / stride) outputs need, the odd pixel at the end. */
const sameSides = (size: number, kernel: number, stride: number): Sides => {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size)
  return [Math.floor(total / 2), total - Math.floor(total / 2)]
}

/** `size` is the layer's input; `native` what it would be at the variant's native resolution (for `static`). */
export const sides = (rule: Padding, size: number, native: number, kernel: number, stride: number): Sides => {
  switch (rule) {
    case "symmetric":
      return [kernel >> 1, kernel >> 1]
    case "same":
      return sameSides(size, kernel, stride)
    case "static":
      return sameSides(native, kernel, stride)
  }
}
