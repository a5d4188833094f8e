/**
 * The network's weights as a typed tree, the same for tensors on a backend, arrays in a file, gradients or names.
 * `weightTree` is the only place that knows which weights there are.
 */
import type { Naming } from "../weights/naming.ts"
import type { Architecture, BlockShape } from "./variants.ts"

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

export interface Block<T> {
  readonly expand: ConvolutionNorm<T> | undefined
  readonly depthwise: ConvolutionNorm<T>
  readonly squeeze: Biased<T>
  readonly excite: Biased<T>
  readonly project: ConvolutionNorm<T>
}

export interface Network<T> {
  readonly stem: ConvolutionNorm<T>
  readonly blocks: ReadonlyArray<Block<T>>
  readonly head: ConvolutionNorm<T>
  /** Only in the original's head: batch norm between pooling and dropout. */
  readonly pooled: BatchNorm<T> | undefined
  readonly classifier: Biased<T>
}

/** `original`: pool, batch norm, dropout, one logit. `plain`: pool, dropout, one logit. */
export type Head = "original" | "plain"

/** Builds the tree by calling `make` for every weight, in the order of the network. */
export const weightTree = <T>(
  { stem, blocks, head }: Architecture,
  kind: Head,
  naming: Naming,
  make: (leaf: Leaf) => T,
  classes = 1
): Network<T> => {
  let layer = 0
  const leaf = (name: string, role: Role, ...shape: ReadonlyArray<number>): T => make({ name, role, shape, layer })
  const norm = (prefix: string, channels: number): BatchNorm<T> => ({
    scale: leaf(`${prefix}.weight`, "scale", channels),
    shift: leaf(`${prefix}.bias`, "shift", channels),
    mean: leaf(`${prefix}.running_mean`, "mean", channels),
    variance: leaf(`${prefix}.running_var`, "variance", channels)
  })
  const convolution = (names: { conv: string; norm: string }, size: number, input: number, output: number) => ({
    kernel: leaf(`${names.conv}.weight`, "kernel", size, size, input, output),
    norm: norm(names.norm, output)
  })
  const biased = (prefix: string, role: Role, input: number, output: number): Biased<T> => ({
    kernel: leaf(`${prefix}.weight`, role, 1, 1, input, output),
    bias: leaf(`${prefix}.bias`, "bias", output)
  })
  const block = (shape: BlockShape, index: number): Block<T> => {
    const { kernel, input, middle, squeeze, output } = shape
    const names = naming.block(shape, index, middle !== input)
    layer = 1 + index
    return {
      expand: middle === input ? undefined : convolution(names.expand, 1, input, middle),
      depthwise: {
        kernel: leaf(`${names.depthwise.conv}.weight`, "depthwise", kernel, kernel, middle, 1),
        norm: norm(names.depthwise.norm, middle)
      },
      squeeze: biased(names.squeeze, "kernel", middle, squeeze),
      excite: biased(names.excite, "kernel", squeeze, middle),
      project: convolution(names.project, 1, middle, output)
    }
  }
  const stemTree = convolution(naming.stem, 3, 3, stem)
  const blockTrees = blocks.map(block)
  layer = 1 + blocks.length
  const headTree = convolution(naming.head, 1, blocks.at(-1)!.output, head)
  layer = 2 + blocks.length
  return {
    stem: stemTree,
    blocks: blockTrees,
    head: headTree,
    pooled: kind === "original" ? norm(naming.pooled, head) : undefined,
    classifier: biased(naming.classifier, "linear", head, classes)
  }
}

export const isStatistic = (role: Role): boolean => role === "mean" || role === "variance"
