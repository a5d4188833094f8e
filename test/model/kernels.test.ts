import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { adamStep, batchNormSwish, batchNormTraining, gated, spatialMean, swish } from "../../src/model/operations.ts"
import * as tf from "../../src/model/tf.ts"
import { checked, close, difference, dot, length, numbers, open } from "./finite-differences.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const Side = between(0, 3)
const Shape = Schema.Struct({
  images: between(1, 3),
  height: between(1, 8),
  width: between(1, 8),
  channels: between(1, 20),
  outputs: between(1, 5),
  kernel: between(1, 5),
  stride: between(1, 3),
  pad: Schema.Tuple([Side, Side, Side, Side]),
  seed: between(0, 1000)
})

const tensor4 = (key: string, seed: number, shape: [number, number, number, number]) =>
  tf.tensor4d(numbers(key, seed, shape), shape)

const Steps = Schema.Struct({
  step: between(1, 100),
  decay: Schema.Finite.check(Schema.isBetween({ minimum: 0.5, maximum: 1 }))
})

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

for (const backend of checked) {
  describe(`gradients on ${backend}`, () => {
    beforeAll(() => open(backend))

    /** Convolutions are linear, so that the central difference along v is the convolution of v itself. */
    const checkLinear = (
      shape: typeof Shape.Type,
      filterShape: [number, number, number, number],
      convolve: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor4D
    ) =>
      tf.tidy(() => {
        const { images, height, width, channels, seed } = shape
        const x = tensor4("x", seed, [images, height, width, channels])
        const w = tensor4("w", seed, filterShape)
        const v = tensor4("v", seed, x.shape)
        const u = tensor4("u", seed, filterShape)
        const y = convolve(x, w)
        const dy = tensor4("dy", seed, y.shape)
        const [dx, dw] = tf.grads((a, b) => convolve(a as tf.Tensor4D, b as tf.Tensor4D))([x, w], dy) as [
          tf.Tensor,
          tf.Tensor
        ]
        const [alongX, alongW] = [convolve(v, w).dataSync(), convolve(x, u).dataSync()]
        close(dot(dx.dataSync(), v.dataSync()), dot(alongX, dy.dataSync()), length(alongX) * length(dy.dataSync()))
        close(dot(dw.dataSync(), u.dataSync()), dot(alongW, dy.dataSync()), length(alongW) * length(dy.dataSync()))
      })
    const fits = ({ height, width, kernel, pad: [top, bottom, left, right] }: typeof Shape.Type) =>
      height + top + bottom >= kernel && width + left + right >= kernel
    const explicit = ([top, bottom, left, right]: (typeof Shape.Type)["pad"]): tf.backend_util.ExplicitPadding => [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0]
    ]

    it.prop("of depthwise convolutions, for any shape, stride and padding", [Shape], ([shape]) => {
      if (!fits(shape)) return
      const { kernel, channels, stride, pad } = shape
      checkLinear(shape, [kernel, kernel, channels, 1], (x, w) => tf.depthwiseConv2d(x, w, stride, explicit(pad)))
    })

    it.prop("of convolutions, for any shape, stride and padding", [Shape], ([shape]) => {
      if (!fits(shape)) return
      const { kernel, channels, outputs, stride, pad } = shape
      checkLinear(shape, [kernel, kernel, channels, outputs], (x, w) => tf.conv2d(x, w, stride, explicit(pad)))
    })

    it.prop("of batch norm in training, alone and with swish", [Shape, Schema.Boolean], ([shape, swished]) => {
      const { images, height, width, channels, seed } = shape
      const rows = images * height * width
      if (rows < 2) return
      const [x, dy, v] = ["x", "dy", "v"].map((key) => numbers(key, seed, [rows, channels])) as [
        number[],
        number[],
        number[]
      ]
      const [scale, shift] = ["scale", "shift"].map((key) => numbers(key, seed, [channels])) as [number[], number[]]
      const epsilon = 1e-3
      const forward = (x: Array<number>, scale: Array<number>, shift: Array<number>): Array<number> => {
        const y: Array<number> = []
        for (let c = 0; c < channels; c++) {
          const column = Array.from({ length: rows }, (_, row) => x[row * channels + c]!)
          const mean = column.reduce((a, b) => a + b, 0) / rows
          const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows
          for (const [row, value] of column.entries()) {
            const normed = ((value - mean) / Math.sqrt(variance + epsilon)) * scale[c]! + shift[c]!
            y[row * channels + c] = swished ? normed * sigmoid(normed) : normed
          }
        }
        return y
      }
      tf.tidy(() => {
        const inputs = [tf.tensor2d(x, [rows, channels]), tf.tensor1d(scale), tf.tensor1d(shift)]
        const norm = swished ? batchNormSwish : batchNormTraining
        const ours = (...[a, b, c]: Array<tf.Tensor>) => norm(a!, b!, c!, epsilon)[0]
        const y = ours(...inputs).dataSync()
        for (const [i, value] of forward(x, scale, shift).entries()) assert.closeTo(y[i]!, value, 1e-4)
        const [dx, dscale, dshift] = tf
          .grads(ours)(inputs, tf.tensor2d(dy, [rows, channels]))
          .map((gradient) => gradient.dataSync()) as [Float32Array, Float32Array, Float32Array]
        const size = length(dy) * length(v)
        close(
          dot(dx, v),
          difference((x) => dot(forward(x, scale, shift), dy), x, v),
          size * 30
        )
        const u = numbers("u", seed, [channels])
        close(
          dot(dscale, u),
          difference((scale) => dot(forward(x, scale, shift), dy), scale, u),
          size
        )
        close(
          dot(dshift, u),
          difference((shift) => dot(forward(x, scale, shift), dy), shift, u),
          size
        )
      })
    })

    it.prop("of swish, the gate and the spatial mean", [Shape], ([{ images, height, width, channels, seed }]) => {
      const shape: [number, number, number, number] = [images, height, width, channels]
      const pixels = height * width
      const [x, v] = ["x", "v"].map((key) => numbers(key, seed, shape)) as [number[], number[]]
      const [gate, u, dy] = ["gate", "u", "dy"].map((key) => numbers(key, seed, [images, 1, 1, channels])) as [
        number[],
        number[],
        number[]
      ]
      /** mean over pixels of swish(x) * gate, against dy. */
      const forward = (x: Array<number>, gate: Array<number>): number => {
        let sum = 0
        for (const [i, value] of x.entries()) {
          const at = Math.floor(i / (pixels * channels)) * channels + (i % channels)
          sum += (value * sigmoid(value) * gate[at]! * dy[at]!) / pixels
        }
        return sum
      }
      tf.tidy(() => {
        const pooled: [number, number, number, number] = [images, 1, 1, channels]
        const inputs = [tf.tensor4d(x, shape), tf.tensor4d(gate, pooled)]
        const ours = (...[a, b]: Array<tf.Tensor>) => spatialMean(gated(swish(a as tf.Tensor4D), b as tf.Tensor4D))
        const [dx, dgate] = tf
          .grads(ours)(inputs, tf.tensor4d(dy, pooled))
          .map((gradient) => gradient.dataSync()) as [Float32Array, Float32Array]
        const size = length(x) * length(dy) + length(v)
        close(dot(ours(...inputs).dataSync(), dy), forward(x, gate), size)
        close(
          dot(dx, v),
          difference((x) => forward(x, gate), x, v),
          size
        )
        close(
          dot(dgate, u),
          difference((gate) => forward(x, gate), gate, u),
          size
        )
      })
    })

    it.prop("Adam's step is PyTorch's formula", [Shape, Steps], ([{ height, channels, seed }, { step, decay }]) => {
      const settings = { rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step, decay }
      const size = height * channels
      const [w, g, m] = ["w", "g", "m"].map((key) => numbers(key, seed, [size])) as [number[], number[], number[]]
      const v = numbers("v", seed, [size]).map((x) => 0.01 + x * x)
      // It may write over what it is given.
      const results = tf.tidy(() => {
        const [weight, gradient, first, second] = [w, g, m, v].map((x) => tf.tensor1d(x)) as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor
        ]
        return adamStep({ weight, gradient, first, second }, settings).map((t) => t.dataSync<"float32">().slice())
      })
      const [next, first, second] = results as [Float32Array, Float32Array, Float32Array]
      for (let i = 0; i < size; i++) {
        const average = 0.9 * m[i]! + 0.1 * g[i]!
        const power = 0.999 * v[i]! + 0.001 * g[i]! * g[i]!
        const corrected = average / (1 - 0.9 ** step) / (Math.sqrt(power / (1 - 0.999 ** step)) + 1e-8)
        assert.closeTo(first[i]!, average, 1e-6)
        assert.closeTo(second[i]!, power, 3e-6)
        assert.closeTo(next[i]!, w[i]! * decay - 0.1 * corrected, 1e-5 * (1 + Math.abs(corrected)))
      }
    })
  })
}
