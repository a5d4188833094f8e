/** Convolutions and their gradients as products: of the pixels for a 1 x 1 filter, else of patches. */
import * as tf from "../../../tf.ts"
import type { SimdBackend } from "../backend.ts"
import type { Attributes, Kernel, Shape4 } from "./kernel.ts"
import { multiply, multiplyTransposed } from "./products.ts"

type Conv = tf.backend_util.Conv2DInfo

export const convolutionInfo = (
  inputShape: ReadonlyArray<number>,
  filterShape: ReadonlyArray<number>,
  attributes: Attributes,
  depthwise = false
): Conv =>
  tf.backend_util.computeConv2DInfo(
    inputShape as Shape4,
    filterShape as Shape4,
    attributes.strides as [number, number],
    (attributes.dilations ?? 1) as number,
    attributes.pad as "same" | "valid" | number,
    attributes.dimRoundingMode as "floor" | undefined,
    depthwise
  )

/** Channels last and no dilation: the rest is left to JavaScript. */
export const isPlain = (attributes: Attributes): boolean => {
  const { dilations = 1, dataFormat = "NHWC" } = attributes as {
    dilations?: number | Array<number>
    dataFormat?: string
  }
  return dataFormat === "NHWC" && [dilations].flat().every((dilation) => dilation === 1)
}

const isPointwise = ({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: Conv): boolean =>
  filterHeight * filterWidth * strideHeight * strideWidth === 1 &&
  padInfo.top + padInfo.bottom + padInfo.left + padInfo.right === 0

/** Numbers of patches to hold at a time, 16 MiB, or one image's. */
const PATCHES = 1 << 22

/** Calls `use` for groups of images with their patches' address; patches are filled before, or after to scatter. */
const overPatches = (
  backend: SimdBackend,
  conv: Conv,
  use: (patches: number, firstImage: number, images: number) => void,
  move: { readonly x: number; readonly gather: boolean }
): void => {
  const { machine } = backend
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, batchSize } = conv
  const image = outHeight * outWidth * filterHeight * filterWidth * inChannels
  const group = Math.max(1, Math.min(batchSize, Math.floor(PATCHES / image)))
  machine.scratch(group * image, (patches) => {
    for (let first = 0; first < batchSize; first += group) {
      const images = Math.min(group, batchSize - first)
      const input = move.x + first * inHeight * inWidth * inChannels * 4
      const kernel = [
        filterHeight,
        filterWidth,
        conv.strideHeight,
        conv.strideWidth,
        conv.padInfo.top,
        conv.padInfo.left
      ]
      const shape = [inHeight, inWidth, inChannels, outHeight, outWidth, ...kernel]
      if (move.gather) machine.run("patches", images * outHeight, images * image, [input, patches, ...shape])
      use(patches, first, images)
      if (!move.gather) machine.run("scatterPatches", images, images * image, [input, patches, ...shape])
    }
  })
}

/** The convolution of x with the filter, plus a bias if there is one, and its swish. */
const convolve = (
  backend: SimdBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  conv: Conv,
  bias?: tf.TensorInfo,
  swish = false
): tf.TensorInfo => {
  const { machine } = backend
  const output = backend.allocate(conv.outShape)
  const [from, b, c] = [backend.address(x), backend.address(filter), backend.address(output)]
  const pixels = conv.outHeight * conv.outWidth
  const n = conv.outChannels
  const k = conv.filterHeight * conv.filterWidth * conv.inChannels
  const added = bias ? { bias: backend.address(bias), swish } : { swish }
  if (isPointwise(conv)) multiply(machine, { a: from, b, c, m: conv.batchSize * pixels, n, k, ...added }, false)
  else {
    const product = (a: number, first: number, images: number) =>
      multiply(machine, { a, b, c: c + first * pixels * n * 4, m: images * pixels, n, k, ...added }, false)
    overPatches(backend, conv, product, { x: from, gather: true })
  }
  return output
}

export const conv2d: Kernel = {
  name: tf.Conv2D,
  compute: (backend, inputs, attributes) => {
    if (!isPlain(attributes)) return undefined
    const [x, filter] = [inputs.x!, inputs.filter!]
    return convolve(backend, x, filter, convolutionInfo(x.shape, filter.shape, attributes))
  }
}

export const fusedConv2d: Kernel = {
  name: tf.FusedConv2D,
  compute: (backend, inputs, attributes) => {
    const { activation = "linear" } = attributes as { activation?: string }
    const { x, filter, bias, preluActivationWeights } = inputs
    const known = activation === "linear" || activation === "swish"
    if (!isPlain(attributes) || !known || preluActivationWeights) return undefined
    const conv = convolutionInfo(x!.shape, filter!.shape, attributes)
    if (bias && bias.shape.reduce((product, side) => product * side, 1) !== conv.outChannels) return undefined
    return convolve(backend, x!, filter!, conv, bias, activation === "swish")
  }
}

export const conv2dInput: Kernel = {
  name: tf.Conv2DBackpropInput,
  compute: (backend, inputs, attributes) => {
    if (!isPlain(attributes)) return undefined
    const { machine } = backend
    const [dy, filter] = [inputs.dy!, inputs.filter!]
    const conv = convolutionInfo(attributes.inputShape as Shape4, filter.shape, attributes)
    const output = backend.allocate(conv.inShape)
    const [a, b, c] = [backend.address(dy), backend.address(filter), backend.address(output)]
    const pixels = conv.outHeight * conv.outWidth
    const k = conv.outChannels
    const n = conv.filterHeight * conv.filterWidth * conv.inChannels
    if (isPointwise(conv)) multiply(machine, { a, b, c, m: conv.batchSize * pixels, n, k }, true)
    else {
      const product = (patches: number, first: number, images: number) =>
        multiply(machine, { a: a + first * pixels * k * 4, b, c: patches, m: images * pixels, n, k }, true)
      overPatches(backend, conv, product, { x: c, gather: false })
    }
    return output
  }
}

export const conv2dFilter: Kernel = {
  name: tf.Conv2DBackpropFilter,
  compute: (backend, inputs, attributes) => {
    if (!isPlain(attributes)) return undefined
    const { machine } = backend
    const [x, dy] = [inputs.x!, inputs.dy!]
    const shape = attributes.filterShape as Shape4
    const conv = convolutionInfo(x.shape, shape, attributes)
    const output = backend.allocate(shape)
    const [a, b, c] = [backend.address(x), backend.address(dy), backend.address(output)]
    const pixels = conv.outHeight * conv.outWidth
    const m = conv.filterHeight * conv.filterWidth * conv.inChannels
    const n = conv.outChannels
    if (isPointwise(conv)) {
      multiplyTransposed(machine, { a, b, c, m, n, k: conv.batchSize * pixels })
      return output
    }
    // Groups of images one after the other, each added to what is there.
    machine.scratch(m * n * 2, (sums) => {
      let groups = 0
      const product = (patches: number, first: number, images: number) => {
        const at = b + first * pixels * n * 4
        const to = groups === 0 ? sums : sums + m * n * 4
        multiplyTransposed(machine, { a: patches, b: at, c: to, m, n, k: images * pixels })
        const whole = groups++ === 0 ? 1 : 2
        const target = first + images === conv.batchSize ? c : sums
        if (target !== sums || whole === 2)
          machine.run("addParts", Math.ceil((m * n) / 4096), m * n, [sums, target, m * n, whole])
      }
      overPatches(backend, conv, product, { x: a, gather: true })
    })
    return output
  }
}
