/** Depthwise convolutions with one output a channel, and their gradients. */
import * as tf from "../../../tf.ts"
import type { Machine } from "../machine.ts"
import { convolutionInfo, isPlain } from "./convolution.ts"
import { swishInPlace } from "./elementwise.ts"
import type { Attributes, Kernel, Shape4 } from "./kernel.ts"

type Conv = tf.backend_util.Conv2DInfo

/** Channels in a chunk (kernels/assembly/depthwise.ts). */
const GROUP = 64

const geometry = (conv: Conv): Array<number> => [
  conv.inHeight,
  conv.inWidth,
  conv.inChannels,
  conv.outHeight,
  conv.outWidth,
  conv.filterHeight,
  conv.filterWidth,
  conv.strideHeight,
  conv.strideWidth,
  conv.padInfo.top,
  conv.padInfo.left
]

const groups = ({ inChannels }: Conv): number => Math.ceil(inChannels / GROUP)

const effort = (conv: Conv): number =>
  conv.batchSize * conv.outHeight * conv.outWidth * conv.filterHeight * conv.filterWidth * conv.inChannels

/** Undefined where the case is JavaScript's: several outputs a channel, dilation, channels first. */
const infoOf = (
  inputShape: ReadonlyArray<number>,
  filterShape: ReadonlyArray<number>,
  attributes: Attributes
): Conv | undefined =>
  filterShape[3] === 1 && isPlain(attributes) ? convolutionInfo(inputShape, filterShape, attributes, true) : undefined

/** Bytes of a pixel of sixteen channels in the tiles' copy of an image. */
const PIXEL = 64

/** Whether kernels/assembly/depthwise-tiles.ts has it. */
const isTiled = ({ inChannels, filterHeight, filterWidth, strideHeight, strideWidth }: Conv): boolean =>
  inChannels % 8 === 0 &&
  filterHeight === filterWidth &&
  (filterHeight === 3 || filterHeight === 5) &&
  strideHeight === strideWidth &&
  strideHeight <= 2

const runTiles = (
  machine: Machine,
  conv: Conv,
  [x, filter, y, bias]: readonly [number, number, number, number],
  { turned, swish }: { readonly turned: boolean; readonly swish: boolean }
): void => {
  const reach = conv.padInfo.left + conv.inWidth + conv.padInfo.right
  // The last tile of four outputs may look past the image.
  const padded = Math.max(reach, (Math.ceil(conv.outWidth / 4) * 4 - 1) * conv.strideWidth + conv.filterWidth)
  const bytes = (conv.filterHeight * conv.filterWidth + conv.inHeight * padded) * PIXEL
  machine.scratch((bytes / 4) * machine.threads, (space) => {
    const parameters = [x, filter, y, ...geometry(conv), bias, space, bytes, padded, Number(turned), Number(swish)]
    machine.run("depthwiseTiles", conv.batchSize * groups(conv), effort(conv), parameters)
  })
}

/** For stride 1: the convolution of dy with the turned filter. Undefined where that would need a negative padding. */
const turnedInfo = (conv: Conv): Conv | undefined => {
  const { top, bottom, left, right } = conv.padInfo
  const [rows, columns] = [conv.filterHeight - 1, conv.filterWidth - 1]
  const padInfo = { top: rows - top, bottom: rows - bottom, left: columns - left, right: columns - right }
  if (conv.strideHeight !== 1 || conv.strideWidth !== 1 || Math.min(...Object.values(padInfo)) < 0) return undefined
  return {
    ...conv,
    inHeight: conv.outHeight,
    inWidth: conv.outWidth,
    outHeight: conv.inHeight,
    outWidth: conv.inWidth,
    padInfo: { ...padInfo, type: "EXPLICIT" }
  }
}

const forward = (name: string): Kernel => ({
  name,
  compute: (backend, inputs, attributes) => {
    const { activation = "linear" } = attributes as { activation?: string }
    const { x, filter, bias, preluActivationWeights } = inputs
    const conv = infoOf(x!.shape, filter!.shape, attributes)
    const swish = activation === "swish"
    if (!conv || !(swish || activation === "linear") || preluActivationWeights) return undefined
    if (bias && bias.shape.reduce((product, side) => product * side, 1) !== conv.inChannels) return undefined
    const output = backend.allocate(conv.outShape)
    const [from, taps, to] = [backend.address(x!), backend.address(filter!), backend.address(output)]
    const added = bias ? backend.address(bias) : 0
    if (isTiled(conv)) {
      runTiles(backend.machine, conv, [from, taps, to, added], { turned: false, swish })
      return output
    }
    const parameters = [from, taps, to, ...geometry(conv), added]
    backend.machine.run("depthwise", conv.batchSize * groups(conv), effort(conv), parameters)
    if (swish) swishInPlace(backend, output)
    return output
  }
})

export const depthwise = forward(tf.DepthwiseConv2dNative)
export const fusedDepthwise = forward(tf.FusedDepthwiseConv2D)

export const depthwiseInput: Kernel = {
  name: tf.DepthwiseConv2dNativeBackpropInput,
  compute: (backend, inputs, attributes) => {
    const [dy, filter] = [inputs.dy!, inputs.filter!]
    const conv = infoOf(attributes.inputShape as Shape4, filter.shape, attributes)
    if (!conv) return undefined
    const output = backend.allocate(conv.inShape)
    const places = [backend.address(dy), backend.address(filter), backend.address(output)] as const
    const turned = isTiled(conv) ? turnedInfo(conv) : undefined
    if (turned) {
      runTiles(backend.machine, turned, [...places, 0], { turned: true, swish: false })
      return output
    }
    const parameters = [...places, ...geometry(conv)]
    backend.machine.run("depthwiseInput", conv.batchSize * groups(conv), effort(conv), parameters)
    return output
  }
}

export const depthwiseFilter: Kernel = {
  name: tf.DepthwiseConv2dNativeBackpropFilter,
  compute: (backend, inputs, attributes) => {
    const [x, dy] = [inputs.x!, inputs.dy!]
    const shape = attributes.filterShape as Shape4
    const conv = infoOf(x.shape, shape, attributes)
    if (!conv) return undefined
    const { machine } = backend
    const output = backend.allocate(shape)
    // Few channels make few chunks: then every image is summed on its own, and the sums in order.
    const images = conv.inChannels >= 8 * GROUP ? conv.batchSize : 1
    const parts = Math.ceil(conv.batchSize / images)
    const length = tf.util.sizeFromShape(shape)
    const into = (sums: number) => {
      const parameters = [backend.address(x), backend.address(dy), sums, ...geometry(conv), conv.batchSize, images]
      machine.run("depthwiseFilter", parts * groups(conv), effort(conv), parameters)
    }
    const to = backend.address(output)
    if (parts === 1) into(to)
    else {
      machine.scratch(parts * length, (sums) => {
        into(sums)
        machine.run("addParts", Math.ceil(length / 4096), parts * length, [sums, to, length, parts])
      })
    }
    return output
  }
}
