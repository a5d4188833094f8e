/** The two gradients of a depthwise convolution, which TensorFlow.js's wasm backend lacks. */
import * as tf from "../tf.ts"
import type { HeapKernel } from "./heap.ts"

type Shape4 = [number, number, number, number]

const info = (inputShape: unknown, filterShape: unknown, attributes: Record<string, unknown>) =>
  tf.backend_util.computeConv2DInfo(
    inputShape as Shape4,
    filterShape as Shape4,
    attributes.strides as [number, number],
    (attributes.dilations ?? 1) as number,
    attributes.pad as "same" | "valid" | number,
    attributes.dimRoundingMode as "floor" | undefined,
    true
  )

/** dx[n, y, x, c] = sum over taps of dy[n, (y + top - i) / stride, ..., c] * filter[i, j, c]. */
export const depthwiseInput: HeapKernel = {
  name: "DepthwiseConv2dNativeBackpropInput",
  outputs: (_, { inputShape }) => [inputShape as Shape4],
  run: ({ dy, filter }, [dx], shapes, attributes) => {
    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, ...conv } = info(
      attributes.inputShape,
      shapes.filter,
      attributes
    )
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = conv
    const upstream = dy!
    const taps = filter!
    const output = dx!
    const sum = new Float64Array(inChannels)
    for (let n = 0, o = 0; n < batchSize; n++) {
      for (let y = 0; y < inHeight; y++) {
        for (let x = 0; x < inWidth; x++, o += inChannels) {
          sum.fill(0)
          for (let i = 0; i < filterHeight; i++) {
            const row = (y + padInfo.top - i) / strideHeight
            if (row < 0 || row >= outHeight || !Number.isInteger(row)) continue
            for (let j = 0; j < filterWidth; j++) {
              const column = (x + padInfo.left - j) / strideWidth
              if (column < 0 || column >= outWidth || !Number.isInteger(column)) continue
              const from = ((n * outHeight + row) * outWidth + column) * inChannels
              const tap = (i * filterWidth + j) * inChannels
              for (let c = 0; c < inChannels; c++) sum[c]! += upstream[from + c]! * taps[tap + c]!
            }
          }
          for (let c = 0; c < inChannels; c++) output[o + c] = sum[c]!
        }
      }
    }
  }
}

/** dfilter[i, j, c] = sum over images and outputs of x[n, row * stride + i - top, ..., c] * dy[n, row, ..., c]. */
export const depthwiseFilter: HeapKernel = {
  name: "DepthwiseConv2dNativeBackpropFilter",
  outputs: (_, { filterShape }) => [filterShape as Shape4],
  run: ({ x, dy }, [dfilter], shapes, attributes) => {
    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, ...conv } = info(
      shapes.x,
      attributes.filterShape,
      attributes
    )
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = conv
    const input = x!
    const upstream = dy!
    const sum = new Float64Array(inChannels)
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++) {
        sum.fill(0)
        for (let n = 0; n < batchSize; n++) {
          for (let row = 0; row < outHeight; row++) {
            const y = row * strideHeight + i - padInfo.top
            if (y < 0 || y >= inHeight) continue
            for (let column = 0; column < outWidth; column++) {
              const z = column * strideWidth + j - padInfo.left
              if (z < 0 || z >= inWidth) continue
              const from = ((n * inHeight + y) * inWidth + z) * inChannels
              const at = ((n * outHeight + row) * outWidth + column) * inChannels
              for (let c = 0; c < inChannels; c++) sum[c]! += input[from + c]! * upstream[at + c]!
            }
          }
        }
        dfilter!.set(sum, (i * filterWidth + j) * inChannels)
      }
    }
  }
}
