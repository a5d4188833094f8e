/** An exported network against the one that it was made of: on the same images, logit by logit. */
import type { ImageSource } from "../data.ts"
import * as tf from "../tf.ts"

/** The image as a layers model takes it: values 0 to 255, (rows, side, side, 3). */
export const rawBatch = ({ side, read }: ImageSource, start: number, rows: number): Float32Array => {
  const length = side * side * 3
  const bytes = new Uint8Array(length)
  const data = new Float32Array(rows * length)
  for (let row = 0; row < rows; row++) {
    read(start + row, 0, bytes)
    data.set(bytes, row * length)
  }
  return data
}

const batchSize = 16

/** Logits of all rows, view 0, by a layers model. */
export const layersLogits = async (model: tf.LayersModel, images: ImageSource): Promise<Float32Array> => {
  const logits = new Float32Array(images.size)
  for (let start = 0; start < images.size; start += batchSize) {
    const rows = Math.min(batchSize, images.size - start)
    const x = tf.tensor4d(rawBatch(images, start, rows), [rows, images.side, images.side, 3])
    const y = model.predict(x) as tf.Tensor
    logits.set(await y.data(), start)
    tf.dispose([x, y])
  }
  return logits
}

/** The largest absolute difference of two lists of one length; NaN where one holds one. */
export const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let largest = 0
  for (let row = 0; row < a.length; row++) {
    const difference = Math.abs(a[row]! - b[row]!)
    if (!(difference <= largest)) largest = difference
  }
  return largest
}
