/**
 * The network as a TensorFlow.js layers model: stock layers only, so that plain `tf.loadLayersModel` reads it. It takes
 * images as they come, (N, side, side, 3) with values 0 to 255 in RGB, and gives the logit (N, 1).
 */
import type { NetworkPlan } from "../architecture/network.ts"
import { sides } from "../architecture/padding.ts"
import type { BatchNorm, Biased, ConvolutionNorm, Leaf } from "../architecture/tree.ts"
import * as tf from "../tf.ts"
import type { Values } from "../weights/values.ts"

type Symbolic = tf.SymbolicTensor

/** Applies layers one after the other, and remembers which weights belong to which. */
const makeBuilder = ({ properties }: NetworkPlan, values: Values) => {
  const weights: Array<readonly [tf.layers.Layer, () => Array<tf.Tensor>]> = []
  const tensor = ({ name, shape }: Leaf, as = shape) => tf.tensor(values.get(name)!, [...as])
  const apply = (layer: tf.layers.Layer, ...inputs: ReadonlyArray<Symbolic>): Symbolic =>
    layer.apply(inputs.length === 1 ? inputs[0]! : [...inputs]) as Symbolic

  const norm = (x: Symbolic, name: string, { scale, shift, mean, variance }: BatchNorm<Leaf>): Symbolic => {
    const layer = tf.layers.batchNormalization({ name, epsilon: properties.epsilon })
    weights.push([layer, () => [scale, shift, mean, variance].map((leaf) => tensor(leaf))])
    return apply(layer, x)
  }
  const swish = (x: Symbolic, name: string) => apply(tf.layers.activation({ activation: "swish", name }), x)

  /** `native` is the side that the input would have at the variant's own resolution. */
  const padded = (x: Symbolic, name: string, native: number, kernel: number, stride: number): Symbolic => {
    const [height, width] = [x.shape[1]!, x.shape[2]!].map((side) =>
      sides(properties.padding, side, native, kernel, stride)
    ) as [readonly [number, number], readonly [number, number]]
    if ([...height, ...width].every((side) => side === 0)) return x
    return apply(tf.layers.zeroPadding2d({ padding: [[...height], [...width]], name: `${name}_pad` }), x)
  }
  const relu = (x: Symbolic, name: string) => apply(tf.layers.activation({ activation: "relu", name }), x)
  /** `reversed` swaps the input channels, for a stem that takes them as BGR. */
  const convolution = (
    x: Symbolic,
    name: string,
    stride: number,
    { kernel, norm: after }: ConvolutionNorm<Leaf>,
    reversed = false
  ) => {
    const [size = 1, , , filters = 1] = kernel.shape
    const layer = tf.layers.conv2d({ name, filters, kernelSize: size, strides: stride, useBias: false })
    weights.push([layer, () => [reversed ? tf.tidy(() => tensor(kernel).reverse(2)) : tensor(kernel)]])
    return norm(apply(layer, x), `${name}_bn`, after)
  }
  const depthwise = (x: Symbolic, name: string, stride: number, { kernel, norm: after }: ConvolutionNorm<Leaf>) => {
    const layer = tf.layers.depthwiseConv2d({ name, kernelSize: kernel.shape[0]!, strides: stride, useBias: false })
    weights.push([layer, () => [tensor(kernel)]])
    return norm(apply(layer, x), `${name}_bn`, after)
  }
  const biased = (x: Symbolic, name: string, activation: "swish" | "sigmoid", { kernel, bias }: Biased<Leaf>) => {
    const layer = tf.layers.conv2d({ name, filters: kernel.shape[3]!, kernelSize: 1, activation })
    weights.push([layer, () => [tensor(kernel), tensor(bias)]])
    return apply(layer, x)
  }
  const logit = (x: Symbolic, { kernel, bias }: Biased<Leaf>): Symbolic => {
    const layer = tf.layers.dense({ name: "logit", units: kernel.shape[3]! })
    weights.push([layer, () => [tensor(kernel, kernel.shape.slice(2)), tensor(bias)]])
    return apply(layer, x)
  }
  /** (x / 255 - mean) / deviation per channel, as a batch norm with fixed statistics. */
  const normalised = (x: Symbolic): Symbolic => {
    const layer = tf.layers.batchNormalization({ name: "normalise", epsilon: 0, center: false, scale: false })
    const mean = properties.mean.map((value) => 255 * value)
    const variance = properties.deviation.map((value) => (255 * value) ** 2)
    weights.push([layer, () => [tf.tensor1d(mean), tf.tensor1d(variance)]])
    return apply(layer, x)
  }
  const setWeights = () => {
    for (const [layer, make] of weights) {
      const made = make()
      layer.setWeights(made)
      tf.dispose(made)
    }
  }
  return { apply, norm, swish, relu, padded, convolution, depthwise, biased, logit, normalised, setWeights }
}

type Builder = ReturnType<typeof makeBuilder>

/** Normalised images to EfficientNet's last features. */
const efficientnet = (build: Builder, { architecture, leaves }: NetworkPlan, input: Symbolic): Symbolic => {
  let native = architecture.native
  let x = build.swish(
    build.convolution(build.padded(input, "stem", native, 3, 2), "stem", 2, leaves.stem),
    "stem_swish"
  )
  native = Math.ceil(native / 2)
  for (const [index, w] of leaves.blocks.entries()) {
    if (w.kind !== "mbconv") throw new Error(`a ${w.kind} in EfficientNet`)
    const { kernel, stride, middle, skip } = w.shape
    const name = `block${index + 1}`
    const expanded = w.expand
      ? build.swish(build.convolution(x, `${name}_expand`, 1, w.expand), `${name}_expand_swish`)
      : x
    const pad = build.padded(expanded, `${name}_depthwise`, native, kernel, stride)
    const filtered = build.swish(
      build.depthwise(pad, `${name}_depthwise`, stride, w.depthwise),
      `${name}_depthwise_swish`
    )
    const mean = build.apply(tf.layers.globalAveragePooling2d({ name: `${name}_mean` }), filtered)
    const pixel = build.apply(tf.layers.reshape({ targetShape: [1, 1, middle], name: `${name}_pixel` }), mean)
    const squeezed = build.biased(pixel, `${name}_squeeze`, "swish", w.squeeze)
    const gate = build.biased(squeezed, `${name}_excite`, "sigmoid", w.excite)
    const gated = build.apply(tf.layers.multiply({ name: `${name}_gate` }), filtered, gate)
    const projected = build.convolution(gated, `${name}_project`, 1, w.project)
    x = skip ? build.apply(tf.layers.add({ name: `${name}_add` }), projected, x) : projected
    native = Math.ceil(native / stride)
  }
  return leaves.head ? build.swish(build.convolution(x, "head", 1, leaves.head), "head_swish") : x
}

/** Normalised images to ResNet's last features. */
const resnet = (build: Builder, { architecture, leaves, properties }: NetworkPlan, input: Symbolic): Symbolic => {
  const isReversed = properties.channels === "bgr"
  const { native, stemKernel } = architecture
  const stem = build.convolution(build.padded(input, "stem", native, stemKernel, 2), "stem", 2, leaves.stem, isReversed)
  // After max(x, 0), padding with zeros is padding with nothing.
  const pad = tf.layers.zeroPadding2d({ padding: 1, name: "stem_pool_pad" })
  const pool = tf.layers.maxPooling2d({ poolSize: 3, strides: 2, name: "stem_pool" })
  let x = build.apply(pool, build.apply(pad, build.relu(stem, "stem_relu")))
  for (const [index, w] of leaves.blocks.entries()) {
    if (w.kind !== "bottleneck") throw new Error(`a ${w.kind} in ResNet`)
    const { stride } = w.shape
    const [first, middle] = properties.stride === "first" ? [stride, 1] : [1, stride]
    const name = `block${index + 1}`
    const a = build.relu(build.convolution(x, `${name}_1`, first, w.first), `${name}_1_relu`)
    const padded = build.padded(a, `${name}_2`, native, 3, middle)
    const b = build.relu(build.convolution(padded, `${name}_2`, middle, w.middle), `${name}_2_relu`)
    const branch = build.convolution(b, `${name}_3`, 1, w.last)
    const shortcut = w.shortcut ? build.convolution(x, `${name}_shortcut`, stride, w.shortcut) : x
    x = build.relu(build.apply(tf.layers.add({ name: `${name}_add` }), branch, shortcut), `${name}_relu`)
  }
  return x
}

/** The model for images of one side, in pixels. The caller disposes of it. */
export const layersModel = (plan: NetworkPlan, values: Values, side: number): tf.LayersModel => {
  const { architecture, leaves, settings } = plan
  const build = makeBuilder(plan, values)
  const input = tf.input({ shape: [side, side, 3], name: "image" })
  const body = architecture.headConvolution ? efficientnet : resnet
  const pooled = build.apply(
    tf.layers.globalAveragePooling2d({ name: "pool" }),
    body(build, plan, build.normalised(input))
  )
  const normed = leaves.pooled ? build.norm(pooled, "pool_bn", leaves.pooled) : pooled
  const model = tf.model({ inputs: input, outputs: build.logit(normed, leaves.classifier), name: settings.variant })
  build.setWeights()
  return model
}
