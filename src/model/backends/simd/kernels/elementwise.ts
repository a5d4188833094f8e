/** Elementwise kernels, and products and sums of a tensor with a vector along its last axis. */
import * as tf from "../../../tf.ts"
import type { SimdBackend } from "../backend.ts"
import { ELEMENTS, type Kernel, reshaped, rowsPerChunk, size } from "./kernel.ts"

// Numbered as in kernels/assembly/elementwise.ts.
const operations = { add: 0, subtract: 1, multiply: 2, divide: 3, maximum: 4 } as const
const functions = { sigmoid: 0, swish: 1, relu: 2, square: 3, squareRoot: 4, negate: 5, reciprocalRoot: 6 } as const

const chunks = (length: number): number => Math.ceil(length / ELEMENTS)

/** (N, 1, 1, C) beside (N, H, W, C), N > 1 in both: a gate per image. */
const isGate = (x: ReadonlyArray<number>, gate: ReadonlyArray<number>): boolean =>
  x.length === 4 && gate.length === 4 && gate[0] === x[0] && gate[1] === 1 && gate[2] === 1 && gate[3] === x[3]

/** (C) or (1, .., C) beside (.., C). */
const isVector = (x: ReadonlyArray<number>, vector: ReadonlyArray<number>): boolean =>
  vector.length <= x.length && vector.length > 0 && vector.at(-1) === x.at(-1) && size(vector) === vector.at(-1)

const withVector = (
  backend: SimdBackend,
  x: tf.TensorInfo,
  vector: tf.TensorInfo,
  add: boolean,
  perImage: boolean
): tf.TensorInfo => {
  const output = backend.allocate(x.shape)
  const channels = x.shape.at(-1)!
  const length = size(x.shape)
  const [from, by, to] = [backend.address(x), backend.address(vector), backend.address(output)]
  const pixels = perImage ? length / channels / x.shape[0]! : rowsPerChunk(channels)
  const run = (pixels: number, count: number, done: number) => {
    const stride = perImage ? channels * 4 : 0
    const skip = done * channels * 4
    const parameters = [from + skip, by, to + skip, pixels, channels, stride, add ? 1 : 0]
    backend.machine.run("gate", count, pixels * count * channels, parameters)
  }
  const rows = length / channels
  const whole = Math.floor(rows / pixels)
  run(pixels, whole, 0)
  if (whole * pixels < rows) run(rows - whole * pixels, 1, whole * pixels)
  return output
}

const binary = (name: string, operation: keyof typeof operations): Kernel => ({
  name,
  compute: (backend, inputs) => {
    const [a, b] = [inputs.a!, inputs.b!]
    if (a.dtype !== "float32" || b.dtype !== "float32") return undefined
    const length = size(a.shape)
    if (length === 0 || size(b.shape) === 0) return undefined
    const same = a.shape.join() === b.shape.join()
    if (same || (size(b.shape) === 1 && b.shape.length <= a.shape.length)) {
      const output = backend.allocate(a.shape)
      const places = [backend.address(a), backend.address(b), backend.address(output)]
      const scalar = same ? 0 : 1
      backend.machine.run("binary", chunks(length), length, [
        ...places,
        length,
        ELEMENTS,
        operations[operation],
        scalar
      ])
      return output
    }
    if (operation !== "add" && operation !== "multiply") return undefined
    const [x, vector] = length >= size(b.shape) ? [a, b] : [b, a]
    if (isVector(x.shape, vector.shape)) return withVector(backend, x, vector, operation === "add", false)
    if (isGate(x.shape, vector.shape)) return withVector(backend, x, vector, operation === "add", true)
    return undefined
  }
})

const unary = (name: string, operation: keyof typeof functions): Kernel => ({
  name,
  compute: (backend, inputs) => {
    const x = inputs.x!
    const length = size(x.shape)
    if (x.dtype !== "float32" || length === 0) return undefined
    const output = backend.allocate(x.shape)
    const parameters = [backend.address(x), backend.address(output), length, ELEMENTS, functions[operation]]
    backend.machine.run("unary", chunks(length), length, parameters)
    return output
  }
})

export const swishInPlace = (backend: SimdBackend, x: tf.TensorInfo): void => {
  const [place, length] = [backend.address(x), size(x.shape)]
  backend.machine.run("unary", chunks(length), length, [place, place, length, ELEMENTS, functions.swish])
}

/** The sum of any number of tensors of one shape, in order. */
const addN: Kernel = {
  name: tf.AddN,
  compute: (backend, inputs) => {
    const tensors = Object.values(inputs)
    const [first, second] = tensors
    const length = size(first!.shape)
    if (!second || length === 0 || tensors.some(({ dtype }) => dtype !== "float32")) return undefined
    const output = backend.allocate(first!.shape)
    const to = backend.address(output)
    for (const [index, tensor] of tensors.entries()) {
      if (index === 0) continue
      const places = [index === 1 ? backend.address(first!) : to, backend.address(tensor), to]
      backend.machine.run("binary", chunks(length), length, [...places, length, ELEMENTS, operations.add, 0])
    }
    return output
  }
}

const swishGradient: Kernel = {
  name: "SwishGradient",
  compute: (backend, inputs) => {
    const { dy, x } = inputs
    const length = size(x!.shape)
    const output = backend.allocate(x!.shape)
    const parameters = [backend.address(dy!), backend.address(x!), backend.address(output), length, ELEMENTS]
    backend.machine.run("swishGradient", chunks(length), length, parameters)
    return output
  }
}

/** A tensor that nobody else holds is written over: Adam's step moves little but memory. */
const orItself = (backend: SimdBackend, tensor: tf.TensorInfo): tf.TensorInfo => {
  if (backend.refCount(tensor.dataId) > 1) return backend.allocate(tensor.shape)
  backend.address(tensor)
  return reshaped(backend, tensor, tensor.shape)
}

const adamStep: Kernel = {
  name: "AdamStep",
  compute: (backend, inputs, attributes) => {
    const { weight, gradient, first, second } = inputs
    const { rate, beta1, beta2, epsilon, step, decay } = attributes as Record<string, number>
    const outputs = [weight!, first!, second!].map((tensor) => orItself(backend, tensor))
    const length = size(weight!.shape)
    const places = [weight!, gradient!, first!, second!, ...outputs].map((tensor) => backend.address(tensor))
    const stepSize = rate! / (1 - beta1! ** step!)
    const root = Math.sqrt(1 - beta2! ** step!)
    const settings = [beta1!, beta2!, epsilon!, stepSize, root, decay!, 1 - beta1!, 1 - beta2!]
    backend.machine.run("adam", chunks(length), length, [...places, length, ELEMENTS], settings)
    return outputs
  }
}

export const elementwise: ReadonlyArray<Kernel> = [
  binary(tf.Add, "add"),
  binary(tf.Sub, "subtract"),
  binary(tf.Multiply, "multiply"),
  binary(tf.RealDiv, "divide"),
  binary(tf.Maximum, "maximum"),
  unary(tf.Sigmoid, "sigmoid"),
  unary(tf.Relu, "relu"),
  unary(tf.Square, "square"),
  unary(tf.Sqrt, "squareRoot"),
  unary(tf.Neg, "negate"),
  unary(tf.Rsqrt, "reciprocalRoot"),
  unary("Swish", "swish"),
  addN,
  swishGradient,
  adamStep
]
