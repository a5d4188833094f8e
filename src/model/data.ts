/** How images come in: rows of uint8 RGB, several views of each, read when they are needed. */
import type { FamilyProperties } from "./architecture/family.ts"
import * as tf from "./tf.ts"

/** What goes in: images (N, side, side, 3), or what the first `done` layers make of them. */
export interface Input {
  readonly x: tf.Tensor4D
  readonly done: number
}

export interface ImageSource {
  /** Rows. */
  readonly size: number
  /** Views of every row; evaluation uses view 0. */
  readonly views: number
  /** Pixels; images are square. */
  readonly side: number
  /** Writes the image as height, width, RGB into `into`, of side * side * 3 bytes. */
  readonly read: (row: number, view: number, into: Uint8Array) => void
}

/** In place of images: what a frozen part of the network makes of them (see features.ts). */
export interface FeatureSource {
  readonly size: number
  readonly views: number
  /** Height, width and channels of one row's features. */
  readonly shape: readonly [number, number, number]
  /** How many layers (stem, blocks, last convolution) have been gone through. */
  readonly done: number
  readonly read: (row: number, view: number, into: Float32Array) => void
}

export type Source = ImageSource | FeatureSource

export interface LabelledImages {
  readonly images: Source
  /** 0 or 1 for every row. */
  readonly labels: ArrayLike<number>
  /** Weights for drawing rows; without them every row is drawn as often. */
  readonly weights?: ArrayLike<number>
}

export interface Draw {
  readonly row: number
  readonly view: number
}

/** Reads what is drawn as the network's input: normalised images (N, side, side, 3), or features as they are. */
export const inputBatch = (source: Source, draws: ReadonlyArray<Draw>, family: FamilyProperties): Input =>
  "side" in source
    ? { x: imageBatch(source, draws, family), done: 0 }
    : { x: featureBatch(source, draws), done: source.done }

const featureBatch = ({ shape, read }: FeatureSource, draws: ReadonlyArray<Draw>): tf.Tensor4D => {
  const length = shape[0] * shape[1] * shape[2]
  const data = new Float32Array(draws.length * length)
  for (const [index, { row, view }] of draws.entries())
    read(row, view, data.subarray(index * length, (index + 1) * length))
  return tf.tensor4d(data, [draws.length, ...shape])
}

const imageBatch = (source: ImageSource, draws: ReadonlyArray<Draw>, family: FamilyProperties): tf.Tensor4D => {
  const { side } = source
  const length = side * side * 3
  const bytes = new Uint8Array(length)
  const data = new Float32Array(draws.length * length)
  const [first, third] = family.channels === "rgb" ? [0, 2] : [2, 0]
  const table = family.mean.map((mean, c) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / family.deviation[c]!)
  )
  const [red, green, blue] = table as [Float32Array, Float32Array, Float32Array]
  for (const [index, { row, view }] of draws.entries()) {
    source.read(row, view, bytes)
    for (let i = 0, o = index * length; i < length; i += 3, o += 3) {
      data[o + first] = red[bytes[i]!]!
      data[o + 1] = green[bytes[i + 1]!]!
      data[o + third] = blue[bytes[i + 2]!]!
    }
  }
  return tf.tensor4d(data, [draws.length, side, side, 3])
}
