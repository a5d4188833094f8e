import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { openBackend } from "../../src/model/backends/open.ts"
import { rectified } from "../../src/model/operations.ts"
import * as tf from "../../src/model/tf.ts"
import { generator } from "../../src/random/generator.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const Shape = Schema.Struct({
  images: between(1, 3),
  height: between(3, 9),
  width: between(3, 9),
  channels: between(1, 9),
  size: between(1, 3),
  stride: between(1, 3),
  pad: between(0, 1),
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

/** Straight from the definition: the greatest of a window, and where it is. */
const pooled = ({ images, height, width, channels, size, stride, pad }: Shape, x: Float32Array) => {
  const [rows, columns] = [height, width].map((side) => Math.floor((side + 2 * pad - size) / stride) + 1) as [
    number,
    number
  ]
  const winners: Array<number> = []
  for (let n = 0; n < images; n++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let c = 0; c < channels; c++) {
          let best = -1
          for (let y = row * stride - pad; y < row * stride - pad + size; y++)
            for (let z = column * stride - pad; z < column * stride - pad + size; z++) {
              if (y < 0 || y >= height || z < 0 || z >= width) continue
              const at = ((n * height + y) * width + z) * channels + c
              if (best < 0 || x[at]! > x[best]!) best = at
            }
          winners.push(best)
        }
  return { shape: [images, rows, columns, channels], winners }
}

for (const backend of ["simd", "wasm", "cpu"] as const) {
  describe(`on ${backend}`, () => {
    beforeAll(() => Effect.runPromise(openBackend(backend)))

    it.prop("max pooling and its gradient are those of the definition", [Shape], ([shape]) => {
      if (shape.pad > shape.size / 2) return
      const { images, height, width, channels, size, stride, pad } = shape
      const values = distinct(shape)
      const expected = pooled(shape, values)
      const upstream = expected.winners.map((_, i) => Math.sin(i))
      const [y, dx] = tf.tidy(() => {
        const x = tf.tensor4d(values, [images, height, width, channels])
        const dy = tf.tensor4d(upstream, expected.shape as [number, number, number, number])
        const pool = (x: tf.Tensor4D) => tf.maxPool(x, size, stride, pad)
        return [
          pool(x).dataSync(),
          tf
            .grad(pool as (x: tf.Tensor) => tf.Tensor)(x, dy)
            .dataSync()
        ]
      })
      assert.deepStrictEqual(
        Array.from(y!),
        expected.winners.map((at) => values[at]!)
      )
      const gradient = new Float64Array(values.length)
      for (const [i, at] of expected.winners.entries()) gradient[at]! += upstream[i]!
      for (const [i, value] of gradient.entries()) assert.closeTo(dx![i]!, value, 1e-5)
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
    })
  })
}
