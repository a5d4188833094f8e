import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { rectified } from "../../src/model/operations.ts"
import * as tf from "../../src/model/tf.ts"
import { generator } from "../../src/random/generator.ts"
import { checked, close, difference, dot, length, numbers, open } from "./finite-differences.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const Shape = Schema.Struct({
  images: between(1, 3),
  height: between(3, 9),
  width: between(3, 9),
  channels: between(1, 9),
  size: Schema.Tuple([between(1, 3), between(1, 3)]),
  stride: Schema.Tuple([between(1, 3), between(1, 3)]),
  /** Above, below, left, right: less than the window is large, as any window must see a pixel. */
  pad: Schema.Tuple([between(0, 2), between(0, 2), between(0, 2), between(0, 2)]),
  seed: between(0, 1000)
})
type Shape = typeof Shape.Type

/** No two values alike, so that every window has one greatest and a small step changes no order. */
const distinct = ({ images, height, width, channels, seed }: Shape): Float32Array => {
  const random = generator("pooling", seed)
  const values = Array.from({ length: images * height * width * channels }, (_, i) => i - 40)
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.uint32() % (i + 1)
    ;[values[i], values[j]] = [values[j]!, values[i]!]
  }
  return Float32Array.from(values)
}

/** Straight from the definition: where the greatest of each window is. */
const pooled = (
  { images, height, width, channels, size, stride, pad: [top, bottom, left, right] }: Shape,
  x: ArrayLike<number>
) => {
  const rows = Math.floor((height + top + bottom - size[0]) / stride[0]) + 1
  const columns = Math.floor((width + left + right - size[1]) / stride[1]) + 1
  const winners: Array<number> = []
  for (let n = 0; n < images; n++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let c = 0; c < channels; c++) {
          let best = -1
          for (let i = 0; i < size[0]; i++)
            for (let j = 0; j < size[1]; j++) {
              const [y, z] = [row * stride[0] - top + i, column * stride[1] - left + j]
              if (y < 0 || y >= height || z < 0 || z >= width) continue
              const at = ((n * height + y) * width + z) * channels + c
              if (best < 0 || x[at]! > x[best]!) best = at
            }
          winners.push(best)
        }
  return { shape: [images, rows, columns, channels], winners }
}

for (const backend of checked) {
  describe(`on ${backend}`, () => {
    beforeAll(() => open(backend))

    it.prop("max pooling is that of the definition, its gradient the finite difference", [Shape], ([shape]) => {
      const { images, height, width, channels, size, stride, pad } = shape
      const [top, bottom, left, right] = pad
      if (Math.max(top, bottom) >= size[0] || Math.max(left, right) >= size[1]) return
      const values = distinct(shape)
      const expected = pooled(shape, values)
      const upstream = numbers("dy", shape.seed, [expected.winners.length])
      const [y, dx] = tf.tidy(() => {
        const x = tf.tensor4d(values, [images, height, width, channels])
        const dy = tf.tensor4d(upstream, expected.shape as [number, number, number, number])
        const padding: tf.backend_util.ExplicitPadding = [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0]
        ]
        const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, [...size], [...stride], padding)
        return [pool(x).dataSync(), tf.grad(pool)(x, dy).dataSync()]
      })
      assert.deepStrictEqual(
        Array.from(y!),
        expected.winners.map((at) => values[at]!)
      )
      const gradient = new Float64Array(values.length)
      for (const [i, at] of expected.winners.entries()) gradient[at]! += upstream[i]!
      for (const [i, value] of gradient.entries()) assert.closeTo(dx![i]!, value, 1e-5)
      const along = numbers("v", shape.seed, [values.length])
      const product = (x: ReadonlyArray<number>) =>
        dot(
          Array.from(pooled(shape, x).winners, (at) => x[at]!),
          upstream
        )
      close(dot(dx!, along), difference(product, Array.from(values), along, 1e-3), length(along) * length(upstream))
    })

    it("gives a tie to the first pixel of a window", () => {
      const dx = tf.tidy(() => {
        const x = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D
        return tf
          .grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 1, 0))(x, tf.ones([1, 1, 1, 1]))
          .dataSync()
      })
      assert.deepStrictEqual(Array.from(dx), [1, 0, 0, 0])
    })

    it.prop("the gradient of max(x, 0) is the upstream one where x is above 0, and 0 elsewhere", [Shape], ([shape]) => {
      const values = distinct(shape)
      const [y, dx] = tf.tidy(() => {
        const x = tf.tensor1d(values)
        return [
          rectified(x).dataSync(),
          tf
            .grad((x) => rectified(x))(x, x.add(100))
            .dataSync()
        ]
      })
      assert.deepStrictEqual(
        Array.from(y!),
        Array.from(values, (x) => Math.max(x, 0))
      )
      assert.deepStrictEqual(
        Array.from(dx!),
        Array.from(values, (x) => (x > 0 ? x + 100 : 0))
      )
      const along = numbers("v", shape.seed, [values.length])
      // The step passes over the kink at 0, to whose two sides the gradient differs.
      const steady = along.map((v, i) => (values[i] === 0 ? 0 : v))
      const product = (x: ReadonlyArray<number>) =>
        x.reduce((sum, x, i) => sum + Math.max(x, 0) * (values[i]! + 100), 0)
      const scale = length(along) * length(Array.from(values, (x) => x + 100))
      close(dot(dx!, steady), difference(product, Array.from(values), steady, 1e-3), scale)
    })
  })
}
