/** The names that each family of weight files gives to the same tree. Ours are torchvision's. */
import type { Family } from "../architecture/family.ts"
import { isResNet } from "../architecture/resnet.ts"
import type { Role } from "../architecture/tree.ts"
import type { Architecture, BlockShape } from "../architecture/variants.ts"
import { efficientnetNames } from "./efficientnet-names.ts"
import { resnetNames } from "./resnet-names.ts"

export interface ConvolutionNames {
  readonly conv: string
  readonly norm: string
}

export interface MBConvNames {
  readonly kind: "mbconv"
  readonly expand: ConvolutionNames
  readonly depthwise: ConvolutionNames
  readonly squeeze: string
  readonly excite: string
  readonly project: ConvolutionNames
}

export interface BottleneckNames {
  readonly kind: "bottleneck"
  readonly first: ConvolutionNames
  readonly middle: ConvolutionNames
  readonly last: ConvolutionNames
  readonly shortcut: ConvolutionNames
}

export interface Names {
  readonly stem: ConvolutionNames
  readonly block: (shape: BlockShape, index: number) => MBConvNames | BottleneckNames
  readonly head: ConvolutionNames
  /** The head's batch norm, which no published file has. */
  readonly pooled: string
  readonly classifier: string
}

export interface Naming extends Names {
  /** What is put behind a layer's name for each of its weights. */
  readonly suffix: Readonly<Record<Role, string>>
  /** How kernels lie in the file: OIHW as PyTorch has them, or HWIO as Keras. */
  readonly layout: "pytorch" | "keras"
  /** Convolutions have biases though a batch norm follows, which takes them away again (see weights/values.ts). */
  readonly convolutionBias: boolean
  /** Tensors of such names have no place in the network and are no fault either. */
  readonly ignored: RegExp
}

const pytorch = {
  suffix: {
    kernel: ".weight",
    depthwise: ".weight",
    linear: ".weight",
    bias: ".bias",
    scale: ".weight",
    shift: ".bias",
    mean: ".running_mean",
    variance: ".running_var"
  },
  layout: "pytorch",
  convolutionBias: false,
  ignored: /\bnum_batches_tracked$/
} as const

const keras = {
  suffix: {
    kernel: "/kernel",
    depthwise: "/depthwise_kernel",
    linear: "/kernel",
    bias: "/bias",
    scale: "/gamma",
    shift: "/beta",
    mean: "/moving_mean",
    variance: "/moving_variance"
  },
  layout: "keras",
  // EfficientNet's input normalisation is a layer there, and a property of the family here.
  ignored: /^(rescaling|normalization)(_\d+)?\//
} as const

/** `own` are the files that this project writes. Undefined where a family never published such a network. */
export const naming = (family: Family | "own", architecture: Architecture): Naming | undefined => {
  const resnet = isResNet(architecture.variant)
  const given = family === "own" ? "torchvision" : family
  const names = resnet ? resnetNames(given) : efficientnetNames(given, architecture.blocks.at(-1)!.stage + 1)
  if (!names) return undefined
  const isKeras = given === "keras" || given === "keras-2.2"
  return isKeras ? { ...names, ...keras, convolutionBias: resnet } : { ...names, ...pytorch }
}
