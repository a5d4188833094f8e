/**
 * ResNet's table of blocks (He et al., "Deep Residual Learning for Image Recognition", 2016, table 1): a stem of 7 x 7
 * at stride 2 and 3 x 3 max pooling at stride 2, then bottlenecks in stages. `resnet-micro` is a small one for tests.
 */
export const resnetVariants = ["resnet50", "resnet-micro"] as const
export type ResNetVariant = (typeof resnetVariants)[number]

export const isResNet = (variant: string): variant is ResNetVariant =>
  (resnetVariants as ReadonlyArray<string>).includes(variant)

/** A bottleneck: 1 x 1 to `middle` channels, 3 x 3, 1 x 1 to `output`, and a shortcut. */
export interface BottleneckShape {
  readonly kind: "bottleneck"
  /** Stage and place in the stage, both from 0: weight files name blocks so. */
  readonly stage: number
  readonly place: number
  /** Of the first or of the 3 x 3 convolution: that is a matter of the weight family. */
  readonly stride: number
  readonly input: number
  readonly middle: number
  readonly output: number
  /** The shortcut is the input itself; elsewhere it is a strided 1 x 1 convolution of it. */
  readonly skip: boolean
}

interface Table {
  readonly stem: number
  /** Channels inside the bottlenecks, four times as many leave them; repeats. Stages after the first begin at stride 2. */
  readonly stages: ReadonlyArray<readonly [middle: number, repeats: number]>
  readonly native: number
}

const tables: Record<ResNetVariant, Table> = {
  resnet50: {
    stem: 64,
    stages: [
      [64, 3],
      [128, 4],
      [256, 6],
      [512, 3]
    ],
    native: 224
  },
  "resnet-micro": {
    stem: 8,
    stages: [
      [4, 2],
      [8, 2]
    ],
    native: 32
  }
}

export const resnet = (variant: ResNetVariant) => {
  const { stem, stages, native } = tables[variant]
  let input = stem
  const blocks = stages.flatMap(([middle, repeats], stage) =>
    Array.from({ length: repeats }, (_, place): BottleneckShape => {
      const stride = place === 0 && stage > 0 ? 2 : 1
      const output = 4 * middle
      const shape = {
        kind: "bottleneck",
        stage,
        place,
        stride,
        input,
        middle,
        output,
        skip: stride === 1 && input === output
      } as const
      input = output
      return shape
    })
  )
  return { native, stem, blocks, head: input }
}
