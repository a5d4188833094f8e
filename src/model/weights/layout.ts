/** Between PyTorch's layout in files and TensorFlow's in memory. */
import type { Leaf } from "../architecture/tree.ts"

/** The shape in a file of a leaf: OIHW for convolutions, (C, 1, k, k) for depthwise ones, (out, in) for the classifier. */
export const fileShape = ({ role, shape }: Leaf): ReadonlyArray<number> => {
  const [height, width, input, output] = shape as [number, number, number, number]
  switch (role) {
    case "kernel":
      return [output, input, height, width]
    case "depthwise":
      return [input, 1, height, width]
    case "linear":
      return [output, input]
    default:
      return shape
  }
}

/** The same for Keras, whose layout is ours in memory: only the classifier's has two axes. */
export const kerasShape = ({ role, shape }: Leaf): ReadonlyArray<number> => (role === "linear" ? shape.slice(2) : shape)

/** Every matrix of `rows` x `columns` numbers transposed. */
const transposed = (data: Float32Array, rows: number, columns: number): Float32Array => {
  const result = new Float32Array(data.length)
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) result[column * rows + row] = data[i]!
  }
  return result
}

/** (out, in, pixel) <-> (pixel, in, out), which is the same reversal of axes in both directions. */
const reversed = (data: Float32Array, first: number, middle: number, last: number): Float32Array => {
  const result = new Float32Array(data.length)
  for (let a = 0, i = 0; a < first; a++) {
    for (let b = 0; b < middle; b++) {
      for (let c = 0; c < last; c++, i++) result[(c * middle + b) * first + a] = data[i]!
    }
  }
  return result
}

export const toMemory = ({ role, shape }: Leaf, data: Float32Array): Float32Array => {
  const [height, width, input, output] = shape as [number, number, number, number]
  if (role === "kernel" || role === "linear") return reversed(data, output, input, height * width)
  return role === "depthwise" ? transposed(data, input, height * width) : data
}

export const toFile = ({ role, shape }: Leaf, data: Float32Array): Float32Array => {
  const [height, width, input, output] = shape as [number, number, number, number]
  if (role === "kernel" || role === "linear") return reversed(data, height * width, input, output)
  return role === "depthwise" ? transposed(data, height * width, input) : data
}
