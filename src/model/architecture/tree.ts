/**
 * The network's weights as a typed tree, the same for tensors on a backend, arrays in a file, gradients or names.
 * `weightTree` is the only place that knows which weights there are.
 */
import type { BottleneckNames, MBConvNames, Naming } from "../weights/naming.ts"
import type { BottleneckShape } from "./resnet.ts"
import type { Architecture, BlockShape, MBConvShape } from "./variants.ts"

/**
 * How a weight is laid out. In memory, TensorFlow's way: `kernel` (height, width, in, out), `depthwise` (height,
 * width, channel, 1), `linear` (1, 1, in, out). In files, PyTorch's: see weights/layout.ts.
 */
export type Role = "kernel" | "depthwise" | "linear" | "bias" | "scale" | "shift" | "mean" | "variance"

export interface Leaf {
  readonly name: string
  readonly role: Role
  /** In memory. */
  readonly shape: ReadonlyArray<number>
  /** Which layer it belongs to: the stem is 0, block i is 1 + i, then the last convolution, then the classifier. */
  readonly layer: number
}

export interface BatchNorm<T> {
  readonly scale: T
  readonly shift: T
  readonly mean: T
  readonly variance: T
}

export interface ConvolutionNorm<T> {
  readonly kernel: T
  readonly norm: BatchNorm<T>
}

export interface Biased<T> {
  readonly kernel: T
  readonly bias: T
}

/** See MBConvShape. */
export interface MBConv<T> {
  readonly kind: "mbconv"
  readonly shape: MBConvShape
  readonly expand: ConvolutionNorm<T> | undefined
  readonly depthwise: ConvolutionNorm<T>
  readonly squeeze: Biased<T>
  readonly excite: Biased<T>
  readonly project: ConvolutionNorm<T>
}

/** See BottleneckShape. */
export interface Bottleneck<T> {
  readonly kind: "bottleneck"
  readonly shape: BottleneckShape
  readonly first: ConvolutionNorm<T>
  readonly middle: ConvolutionNorm<T>
  readonly last: ConvolutionNorm<T>
  readonly shortcut: ConvolutionNorm<T> | undefined
}

export type Block<T> = MBConv<T> | Bottleneck<T>

export interface Network<T> {
  readonly stem: ConvolutionNorm<T>
  readonly blocks: ReadonlyArray<Block<T>>
  /** EfficientNet's last convolution. */
  readonly head: ConvolutionNorm<T> | undefined
  /** Only in the original's head: batch norm between pooling and dropout. */
  readonly pooled: BatchNorm<T> | undefined
  readonly classifier: Biased<T>
}

/** `original`: pool, batch norm, dropout, one logit. `plain`: pool, dropout, one logit. */
export type Head = "original" | "plain"

/** Builds the tree by calling `make` for every weight, in the order of the network. */
export const weightTree = <T>(
  architecture: Architecture,
  kind: Head,
  naming: Naming,
  make: (leaf: Leaf) => T,
  classes = 1
): Network<T> => {
  const { stem, stemKernel, blocks, head, headConvolution } = architecture
  let layer = 0
  const leaf = (prefix: string, role: Role, ...shape: ReadonlyArray<number>): T =>
    make({ name: `${prefix}${naming.suffix[role]}`, role, shape, layer })
  const norm = (prefix: string, channels: number): BatchNorm<T> => ({
    scale: leaf(prefix, "scale", channels),
    shift: leaf(prefix, "shift", channels),
    mean: leaf(prefix, "mean", channels),
    variance: leaf(prefix, "variance", channels)
  })
  const convolution = (names: { conv: string; norm: string }, size: number, input: number, output: number) => ({
    kernel: leaf(names.conv, "kernel", size, size, input, output),
    norm: norm(names.norm, output)
  })
  const biased = (prefix: string, role: Role, input: number, output: number): Biased<T> => ({
    kernel: leaf(prefix, role, 1, 1, input, output),
    bias: leaf(prefix, "bias", output)
  })
  const mbconv = (shape: MBConvShape, names: MBConvNames): MBConv<T> => {
    const { kernel, input, middle, squeeze, output } = shape
    return {
      kind: "mbconv",
      shape,
      expand: middle === input ? undefined : convolution(names.expand, 1, input, middle),
      depthwise: {
        kernel: leaf(names.depthwise.conv, "depthwise", kernel, kernel, middle, 1),
        norm: norm(names.depthwise.norm, middle)
      },
      squeeze: biased(names.squeeze, "kernel", middle, squeeze),
      excite: biased(names.excite, "kernel", squeeze, middle),
      project: convolution(names.project, 1, middle, output)
    }
  }
  const bottleneck = (shape: BottleneckShape, names: BottleneckNames): Bottleneck<T> => {
    const { input, middle, output, skip } = shape
    return {
      kind: "bottleneck",
      shape,
      first: convolution(names.first, 1, input, middle),
      middle: convolution(names.middle, 3, middle, middle),
      last: convolution(names.last, 1, middle, output),
      shortcut: skip ? undefined : convolution(names.shortcut, 1, input, output)
    }
  }
  const block = (shape: BlockShape, index: number): Block<T> => {
    layer = 1 + index
    const names = naming.block(shape, index)
    if (shape.kind === "mbconv" && names.kind === "mbconv") return mbconv(shape, names)
    if (shape.kind === "bottleneck" && names.kind === "bottleneck") return bottleneck(shape, names)
    throw new Error(`names of a ${names.kind} for a ${shape.kind}`)
  }
  const stemTree = convolution(naming.stem, stemKernel, 3, stem)
  const blockTrees = blocks.map(block)
  layer = 1 + blocks.length
  const headTree = headConvolution ? convolution(naming.head, 1, blocks.at(-1)!.output, head) : undefined
  layer = 2 + blocks.length
  return {
    stem: stemTree,
    blocks: blockTrees,
    head: headTree,
    pooled: kind === "original" ? norm(naming.pooled, head) : undefined,
    classifier: biased(naming.classifier, "linear", head, classes)
  }
}

/** Every convolution with the batch norm behind it, in the order of the network. */
export const convolutionNorms = <T>({ stem, blocks, head }: Network<T>): ReadonlyArray<ConvolutionNorm<T>> =>
  [
    stem,
    ...blocks.flatMap((block) =>
      block.kind === "mbconv"
        ? [block.expand, block.depthwise, block.project]
        : [block.first, block.middle, block.last, block.shortcut]
    ),
    head
  ].filter((pair) => pair !== undefined)

export const isStatistic = (role: Role): boolean => role === "mean" || role === "variance"
