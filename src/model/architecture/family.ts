/**
 * Weight families. The same graph was published with different padding, batch-norm constants and preprocessing; a file
 * only gives right numbers under those it was trained with, so they belong to the file's family and are never constants
 * of the network.
 */
import { isResNet } from "./resnet.ts"
import type { Variant } from "./variants.ts"

/** `keras-2.2` is keras_applications before 1.0.8 (ResNet only), which converters to TensorFlow.js carried on. */
export const families = ["torchvision", "timm", "tensorflow", "keras", "keras-2.2", "lukemelas"] as const
export type Family = (typeof families)[number]

/** The families that published weights of a variant. */
export const familiesOf = (variant: Variant): ReadonlyArray<Family> =>
  isResNet(variant)
    ? ["torchvision", "timm", "keras", "keras-2.2"]
    : ["torchvision", "timm", "tensorflow", "keras", "lukemelas"]

/**
 * `symmetric`: k // 2 on every side (PyTorch). `same`: TensorFlow's SAME, the odd pixel at the end, from the size of
 * the layer's own input. `static`: SAME as computed for the variant's native resolution, whatever the input
 * (lukemelas/EfficientNet-PyTorch >= 0.7.1 and 0.6.4; its 0.7.0 is `symmetric` at every b3 layer).
 */
export type Padding = "symmetric" | "same" | "static"

export interface FamilyProperties {
  readonly padding: Padding
  readonly epsilon: number
  /** PyTorch's convention: running = (1 - momentum) * running + momentum * batch. */
  readonly momentum: number
  /** Per channel, RGB in [0, 1]: input = (rgb / 255 - mean) / deviation. */
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
  /** The order in which the network takes the channels. */
  readonly channels: "rgb" | "bgr"
  /** Which convolution of a bottleneck has the stride: the paper's `first`, or the 3 x 3 in the `middle`. */
  readonly stride: "first" | "middle"
}

const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225], channels: "rgb" } as const

/** Caffe's preprocessing, which the paper's own weights were trained with: mean bytes subtracted, BGR. */
const caffe = {
  mean: [123.68 / 255, 116.779 / 255, 103.939 / 255],
  deviation: [1 / 255, 1 / 255, 1 / 255],
  channels: "bgr"
} as const

/**
 * torchvision: `norm_layer` overrides epsilon and momentum for b5-b7 only. tensorflow: timm's `tf_efficientnet_*`
 * ports of Google's checkpoints. keras: `keras.applications`, its in-model normalisation written as mean and deviation.
 */
const efficientnetProperties = (family: Family, variant: Variant): FamilyProperties => {
  const common = { ...imageNet, stride: "middle" } as const
  switch (family) {
    case "torchvision": {
      const large = variant === "b5" || variant === "b6" || variant === "b7"
      return { padding: "symmetric", epsilon: large ? 1e-3 : 1e-5, momentum: large ? 0.01 : 0.1, ...common }
    }
    case "timm":
      return { padding: "symmetric", epsilon: 1e-5, momentum: 0.1, ...common }
    case "tensorflow":
      return { padding: "same", epsilon: 1e-3, momentum: 0.1, ...common }
    case "keras":
    case "keras-2.2":
      return { padding: "same", epsilon: 1e-3, momentum: 0.01, ...common }
    case "lukemelas":
      return { padding: "static", epsilon: 1e-3, momentum: 0.01, ...common }
  }
}

/**
 * Keras ships the paper's weights, converted from Caffe: the stride in the first convolution, biases in all (see
 * weights/naming.ts), explicit symmetric padding. Its epsilon was batch norm's default before keras_applications 1.0.8.
 */
const resnetProperties = (family: Family): FamilyProperties =>
  family === "keras" || family === "keras-2.2"
    ? {
        padding: "symmetric",
        epsilon: family === "keras" ? 1.001e-5 : 1e-3,
        momentum: 0.01,
        ...caffe,
        stride: "first"
      }
    : { padding: "symmetric", epsilon: 1e-5, momentum: 0.1, ...imageNet, stride: "middle" }

export const familyProperties = (family: Family, variant: Variant): FamilyProperties =>
  isResNet(variant) ? resnetProperties(family) : efficientnetProperties(family, variant)
