/** Networks by name: EfficientNet b0-b7, `micro` and `nano`, ResNet-50 and its small `resnet-micro`. */
import { type BottleneckShape, isResNet, type ResNetVariant, resnet, resnetVariants } from "./resnet.ts"

/**
 * The table of blocks (Tan and Le, "EfficientNet: Rethinking Model Scaling for CNNs", table 1) and its scalings b0-b7.
 * `micro` is the small network of the parity goldens, `nano` one that trains in a minute on two cores.
 */
export const efficientnetVariants = ["b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "micro", "nano"] as const
export type EfficientNetVariant = (typeof efficientnetVariants)[number]

export const variants = [...efficientnetVariants, ...resnetVariants] as const
export type Variant = EfficientNetVariant | ResNetVariant

/** One row of the paper's table, before scaling. `squeeze` is a quarter of the block's input in all of them. */
interface Stage {
  readonly expand: number
  readonly kernel: number
  readonly stride: number
  readonly input: number
  readonly output: number
  readonly repeats: number
}

const stage = (
  expand: number,
  kernel: number,
  stride: number,
  input: number,
  output: number,
  repeats: number
): Stage => ({ expand, kernel, stride, input, output, repeats })

const paper = [
  stage(1, 3, 1, 32, 16, 1),
  stage(6, 3, 2, 16, 24, 2),
  stage(6, 5, 2, 24, 40, 2),
  stage(6, 3, 2, 40, 80, 3),
  stage(6, 5, 1, 80, 112, 3),
  stage(6, 5, 2, 112, 192, 4),
  stage(6, 3, 1, 192, 320, 1)
]

const micro = [stage(1, 3, 1, 8, 8, 1), stage(6, 3, 2, 8, 16, 2), stage(6, 5, 2, 16, 24, 2), stage(6, 3, 2, 24, 32, 1)]

const nano = [stage(1, 3, 1, 16, 8, 1), stage(4, 3, 2, 8, 16, 2), stage(4, 5, 2, 16, 32, 2), stage(4, 3, 2, 32, 56, 2)]

interface Scaling {
  readonly stages: ReadonlyArray<Stage>
  readonly width: number
  readonly depth: number
  /** The side in pixels that the variant was made for. */
  readonly native: number
}

const scalings: Record<EfficientNetVariant, Scaling> = {
  b0: { stages: paper, width: 1, depth: 1, native: 224 },
  b1: { stages: paper, width: 1, depth: 1.1, native: 240 },
  b2: { stages: paper, width: 1.1, depth: 1.2, native: 260 },
  b3: { stages: paper, width: 1.2, depth: 1.4, native: 300 },
  b4: { stages: paper, width: 1.4, depth: 1.8, native: 380 },
  b5: { stages: paper, width: 1.6, depth: 2.2, native: 456 },
  b6: { stages: paper, width: 1.8, depth: 2.6, native: 528 },
  b7: { stages: paper, width: 2, depth: 3.1, native: 600 },
  micro: { stages: micro, width: 1, depth: 1, native: 64 },
  nano: { stages: nano, width: 1, depth: 1, native: 64 }
}

/** A mobile inverted bottleneck (MBConv) as it stands in the network. */
export interface MBConvShape {
  readonly kind: "mbconv"
  /** Stage and place in the stage, both from 0: weight files name blocks so. */
  readonly stage: number
  readonly place: number
  readonly kernel: number
  readonly stride: number
  readonly input: number
  /** Channels of the depthwise convolution; equal to `input` where nothing is expanded. */
  readonly middle: number
  /** Channels between the two layers of squeeze-and-excite. */
  readonly squeeze: number
  readonly output: number
  /** The block's input is added to its output: stride 1 and as many channels out as in. */
  readonly skip: boolean
}

export type BlockShape = MBConvShape | BottleneckShape

export interface Architecture {
  readonly variant: Variant
  readonly native: number
  /** Channels after the stem's convolution. */
  readonly stem: number
  /** Side of the stem's filter. */
  readonly stemKernel: number
  readonly blocks: ReadonlyArray<BlockShape>
  /** Channels that are pooled: EfficientNet's last convolution has four times those of the last block. */
  readonly head: number
  /** Whether a convolution stands between the last block and pooling. */
  readonly headConvolution: boolean
}

/** The family of networks, as messages and reports name it. */
export const networkName = (variant: Variant): string =>
  variant === "resnet50" ? "ResNet-50" : isResNet(variant) ? variant : `EfficientNet-${variant}`

/** The stochastic depth that the published weights were trained with: EfficientNet's paper .2, ResNet's none. */
export const publishedStochasticDepth = (variant: Variant): number => (isResNet(variant) ? 0 : 0.2)

/** Rounds to the nearest multiple of 8 that is not below 90 % of the value. */
const roundChannels = (channels: number, width: number): number => {
  const value = channels * width
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8)
  return rounded < 0.9 * value ? rounded + 8 : rounded
}

export const architecture = (variant: Variant): Architecture =>
  isResNet(variant) ? { variant, ...resnet(variant), stemKernel: 7, headConvolution: false } : efficientnet(variant)

const efficientnet = (variant: EfficientNetVariant): Architecture => {
  const { stages, width, depth, native } = scalings[variant]
  const blocks = stages.flatMap((row, stage) => {
    const output = roundChannels(row.output, width)
    return Array.from({ length: Math.ceil(row.repeats * depth) }, (_, place): MBConvShape => {
      const input = place === 0 ? roundChannels(row.input, width) : output
      const stride = place === 0 ? row.stride : 1
      return {
        kind: "mbconv",
        stage,
        place,
        kernel: row.kernel,
        stride,
        input,
        middle: roundChannels(input * row.expand, 1),
        squeeze: Math.max(1, Math.floor(input / 4)),
        output,
        skip: stride === 1 && input === output
      }
    })
  })
  return {
    variant,
    native,
    stem: blocks[0]!.input,
    stemKernel: 3,
    blocks,
    head: 4 * blocks.at(-1)!.output,
    headConvolution: true
  }
}
