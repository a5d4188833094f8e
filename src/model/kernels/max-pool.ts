/** Max pooling, forward and gradient, as plain loops. Padding never wins. */
import * as tf from "../tf.ts"
import type { HeapKernel } from "./heap.ts"

type Shape4 = [number, number, number, number]

const info = (shape: unknown, { filterSize, strides, pad, dimRoundingMode }: Record<string, unknown>) =>
  tf.backend_util.computePool2DInfo(
    shape as Shape4,
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad as "same" | "valid" | number,
    dimRoundingMode as "floor" | undefined
  )

type Window = (n: number, row: number, column: number, at: number, taps: ReadonlyArray<number>) => void

/** Calls `use` for every output pixel with its offset and the offsets of the input pixels that it sees. */
const overWindows = (shape: unknown, attributes: Record<string, unknown>, use: Window): void => {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, ...pool } = info(shape, attributes)
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = pool
  for (let n = 0, at = 0; n < batchSize; n++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++, at += inChannels) {
        const taps: Array<number> = []
        for (let i = 0; i < filterHeight; i++) {
          const y = row * strideHeight + i - padInfo.top
          if (y < 0 || y >= inHeight) continue
          for (let j = 0; j < filterWidth; j++) {
            const x = column * strideWidth + j - padInfo.left
            if (x >= 0 && x < inWidth) taps.push(((n * inHeight + y) * inWidth + x) * inChannels)
          }
        }
        use(n, row, column, at, taps)
      }
    }
  }
}

export const maxPool: HeapKernel = {
  name: "MaxPool",
  outputs: ({ x }, attributes) => [info(x, attributes).outShape],
  run: ({ x }, [y], shapes, attributes) => {
    const input = x!
    const output = y!
    const channels = (shapes.x as Shape4)[3]
    overWindows(shapes.x, attributes, (_n, _row, _column, at, taps) => {
      output.fill(Number.NEGATIVE_INFINITY, at, at + channels)
      for (const from of taps) {
        for (let c = 0; c < channels; c++) {
          const value = input[from + c]!
          if (!(value <= output[at + c]!)) output[at + c] = value
        }
      }
    })
  }
}

/** All of dy goes to the first of a window's pixels that has the maximum. */
export const maxPoolGradient: HeapKernel = {
  name: "MaxPoolGrad",
  outputs: ({ input }) => [input!],
  run: ({ dy, input, output }, [dx], shapes, attributes) => {
    const upstream = dy!
    const given = input!
    const greatest = output!
    const gradient = dx!
    const channels = (shapes.input as Shape4)[3]
    gradient.fill(0)
    overWindows(shapes.input, attributes, (_n, _row, _column, at, taps) => {
      for (let c = 0; c < channels; c++) {
        const winner = taps.find((from) => given[from + c] === greatest[at + c])
        if (winner !== undefined) gradient[winner + c]! += upstream[at + c]!
      }
    })
  }
}
