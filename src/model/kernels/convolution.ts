/**
 * The gradients of an ordinary convolution as matrix products: the wasm backend has no kernel for the filter's, and its
 * kernel for the input's is a plain loop, while its products without transposition run on XNNPACK.
 */
import * as tf from "../tf.ts"
import { type HeapBackendName, type HeapKernel, registerHeapKernel } from "./heap.ts"

type Shape4 = [number, number, number, number]
type Attributes = Record<string, unknown>

const info = (inputShape: Shape4, filterShape: Shape4, attributes: Attributes) =>
  tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    attributes.strides as [number, number],
    1,
    attributes.pad as "same" | "valid" | number,
    attributes.dimRoundingMode as "floor" | undefined
  )

/**
 * What one tap (i, j) of the filter sees, transposed: (C, N * rows * columns), zero where it sees padding. With a
 * 1 x 1 filter and stride 1 this is the transpose of x.
 */
const tapTransposed: HeapKernel = {
  name: "ConvolutionTapTransposed",
  outputs: ({ x }, { rows, columns }) => [[x![3]!, x![0]! * (rows as number) * (columns as number)]],
  run: ({ x }, [out], shapes, attributes) => {
    const [images, height, width, channels] = shapes.x as Shape4
    const { rows, columns, stride, top, left } = attributes as Record<string, number>
    const input = x!
    const output = out!
    const length = images * rows! * columns!
    const source = new Int32Array(length)
    for (let n = 0, p = 0; n < images; n++) {
      for (let row = 0; row < rows!; row++) {
        const y = row * stride! + top!
        for (let column = 0; column < columns!; column++, p++) {
          const z = column * stride! + left!
          const seen = y >= 0 && y < height && z >= 0 && z < width
          source[p] = seen ? ((n * height + y) * width + z) * channels : -1
        }
      }
    }
    // Sixteen channels at a time: a cache line of the source is used while it is there.
    for (let start = 0; start < channels; start += 16) {
      const end = Math.min(channels, start + 16)
      for (let p = 0; p < length; p++) {
        const from = source[p]!
        for (let c = start; c < end; c++) output[c * length + p] = from < 0 ? 0 : input[from + c]!
      }
    }
  }
}

const filterGradient = (x: tf.Tensor4D, dy: tf.Tensor4D, shape: Shape4, attributes: Attributes) =>
  tf.tidy(() => {
    const { outHeight, outWidth, filterHeight, filterWidth, strideHeight, padInfo } = info(x.shape, shape, attributes)
    const products = dy.reshape([-1, shape[3]]) as tf.Tensor2D
    const taps: Array<tf.Tensor> = []
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++) {
        const seen = tf.engine().runKernel<tf.Tensor>(
          tapTransposed.name,
          { x },
          {
            rows: outHeight,
            columns: outWidth,
            stride: strideHeight,
            top: i - padInfo.top,
            left: j - padInfo.left
          }
        )
        taps.push(tf.matMul(seen, products))
        seen.dispose()
      }
    }
    return tf.concat(taps, 0).reshape(shape)
  })

/**
 * For stride 1: the convolution of dy with the filter turned by 180 degrees, its channels swapped. Undefined where the
 * padding is wider than the filter reaches.
 */
const inputGradient = (dy: tf.Tensor4D, filter: tf.Tensor4D, shape: Shape4, attributes: Attributes) => {
  const { padInfo, filterHeight, filterWidth } = info(shape, filter.shape, attributes)
  const rows = [filterHeight - 1 - padInfo.top, filterHeight - 1 - padInfo.bottom] as [number, number]
  const columns = [filterWidth - 1 - padInfo.left, filterWidth - 1 - padInfo.right] as [number, number]
  if (Math.min(...rows, ...columns) < 0) return undefined
  return tf.tidy(() => {
    const swapped = tf.transpose(filter, [0, 1, 3, 2])
    const turned = filterHeight * filterWidth === 1 ? swapped : tf.reverse(swapped, [0, 1])
    return tf.conv2d(dy, turned, 1, [[0, 0], rows, columns, [0, 0]])
  })
}

const isUnit = (strides: unknown): boolean => (Array.isArray(strides) ? strides.every((s) => s === 1) : strides === 1)

/** Registers the gradients of `Conv2D`; a strided input gradient stays the backend's own. */
export const registerConvolutionGradients = (backendName: HeapBackendName): void => {
  registerHeapKernel(tapTransposed, backendName)
  const stock = tf.getKernel(tf.Conv2DBackpropInput, backendName)
  tf.unregisterKernel(tf.Conv2DBackpropInput, backendName)
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { inputs, attrs } = call
      const { inputShape, strides } = attrs as { inputShape: Shape4; strides: unknown }
      const [dy, filter] = [inputs.dy as tf.Tensor4D, inputs.filter as tf.Tensor4D]
      const own = isUnit(strides) ? inputGradient(dy, filter, inputShape, attrs as Attributes) : undefined
      return own ?? stock.kernelFunc(call)
    }
  })
  if (tf.getKernel(tf.Conv2DBackpropFilter, backendName)) tf.unregisterKernel(tf.Conv2DBackpropFilter, backendName)
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      filterGradient(
        inputs.x as tf.Tensor4D,
        inputs.dy as tf.Tensor4D,
        (attrs as { filterShape: unknown }).filterShape as Shape4,
        attrs as Attributes
      )
  })
}
