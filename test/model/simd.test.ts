import { readFileSync } from "node:fs"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { modulesSource } from "../../kernels/build.ts"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import type { SimdBackend } from "../../src/model/backends/simd/backend.ts"
import { roundedSize, SharedSpace } from "../../src/model/backends/simd/memory.ts"
import { closeSimd, openSimd } from "../../src/model/backends/simd/open.ts"
import { ownKernels } from "../../src/model/backends/simd/register.ts"
import {
  adamStep,
  batchNormSwish,
  batchNormTraining,
  biasedConvolution,
  gated,
  spatialMean,
  swish
} from "../../src/model/operations.ts"
import * as tf from "../../src/model/tf.ts"
import { lossPerExample, plainLoss } from "../../src/model/training/loss.ts"
import { disposeMoments, type OptimiserState, optimise, plainAdam } from "../../src/model/training/optimiser.ts"
import { createModel, disposeModel, keeping, trainingStep, updateRunning } from "../../src/model/training/step.ts"
import { initialise } from "../../src/model/weights/initialise.ts"
import { generator } from "../../src/random/generator.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const Side = between(0, 3)
const Shape = Schema.Struct({
  images: between(1, 4),
  height: between(1, 12),
  width: between(1, 12),
  channels: Schema.Union([between(1, 30), between(60, 140)]),
  outputs: between(1, 20),
  kernel: between(1, 5),
  stride: between(1, 3),
  pad: Schema.Tuple([Side, Side, Side, Side]),
  seed: between(0, 1000)
})
type Shape = typeof Shape.Type

/** Drawn once for all the backends that compute with them. */
const drawn = new Map<string, Float32Array>()
const numbers = (key: string, seed: number, shape: ReadonlyArray<number>): Float32Array => {
  const name = [key, seed, shape].join()
  const random = generator("simd test", key, seed)
  const draw = () => Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal())
  const values = drawn.get(name) ?? draw()
  drawn.set(name, values)
  return values.slice()
}

/** The machines under test, beside the plain JavaScript backend. */
const machines = [
  { name: "simd-1", threads: 1 },
  { name: "simd-2", threads: 2 },
  { name: "simd-3", threads: 3 },
  { name: "simd-narrow", threads: 2, wide: false },
  { name: "simd-plain", threads: 2, build: "plain" }
] as const

const on = (name: string, compute: () => Array<tf.Tensor>): Array<Float32Array> => {
  // At once for a backend that has been opened; properties are not awaited.
  void tf.setBackend(name)
  assert.strictEqual(tf.getBackend(), name)
  return tf.tidy(() => compute().map((tensor) => tensor.dataSync<"float32">().slice()))
}

const sameBytes = (a: Float32Array, b: Float32Array): boolean =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength))

/**
 * The same computation on cpu and on every machine: equal to rounding with cpu, to the bit among thread counts and
 * widths of vectors.
 */
const agree = (compute: () => Array<tf.Tensor>, tolerance = 1e-5): void => {
  drawn.clear()
  const expected = on("cpu", compute)
  const results = new Map<string, Array<Float32Array>>()
  for (const { name } of machines) results.set(name, on(name, compute))
  for (const [name, result] of results) {
    for (const [index, values] of result.entries()) {
      const reference = expected[index]!
      const scale = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
      assert.strictEqual(values.length, reference.length)
      for (const [i, value] of values.entries()) {
        if (!(Math.abs(value - reference[i]!) <= tolerance * scale)) {
          assert.fail(`${name}, output ${index}, number ${i}: ${value}, on cpu ${reference[i]}`)
        }
      }
    }
  }
  for (const name of ["simd-2", "simd-3", "simd-narrow"]) {
    for (const [index, values] of results.get(name)!.entries()) {
      assert.isTrue(
        sameBytes(values, results.get("simd-1")![index]!),
        `${name}, output ${index}: other bytes than alone`
      )
    }
  }
}

const tensor = (key: string, { seed }: { readonly seed: number }, shape: Array<number>) =>
  tf.tensor(numbers(key, seed, shape), shape)
const image = (key: string, { images, height, width, channels, seed }: Shape) =>
  tensor(key, { seed }, [images, height, width, channels]) as tf.Tensor4D

const fits = ({ height, width, kernel, pad: [top, bottom, left, right] }: Shape) =>
  height + top + bottom >= kernel && width + left + right >= kernel
const explicit = ([top, bottom, left, right]: Shape["pad"]): tf.backend_util.ExplicitPadding => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0]
]

/** The output, and the gradients of its product with a random tensor. */
const withGradients = (
  shape: Shape,
  inputs: Array<tf.Tensor>,
  f: (...inputs: Array<tf.Tensor>) => tf.Tensor
): Array<tf.Tensor> => {
  const y = f(...inputs)
  return [y, ...tf.grads(f)(inputs, tensor("dy", shape, y.shape))]
}

/** Each run computes on six backends. */
const fewer = { arbitrary: { runs: 40 } } as const

describe("the simd backend", () => {
  beforeAll(async () => {
    await Effect.runPromise(openBackend("cpu"))
    for (const machine of machines) await openSimd(machine)
  })
  afterAll(async () => {
    for (const { name } of machines) await closeSimd(name)
  })

  it.prop(
    "multiplies matrices of any shape, transposed or not",
    [Shape],
    ([shape]) => {
      const [m, n, k] = [shape.channels, shape.outputs * shape.stride, shape.height * shape.width * shape.images * 3]
      agree(() => {
        const [a, at] = [tensor("a", shape, [m, k]), tensor("a", shape, [k, m])]
        const [b, bt] = [tensor("b", shape, [k, n]), tensor("b", shape, [n, k])]
        return [tf.matMul(a, b), tf.matMul(at, b, true), tf.matMul(a, bt, false, true), tf.matMul(at, bt, true, true)]
      })
    },
    fewer
  )

  it.prop(
    "convolves, with gradients, for any shape, stride and padding",
    [Shape],
    ([shape]) => {
      if (!fits(shape)) return
      const { kernel, channels, outputs, stride, pad } = shape
      agree(() => {
        const inputs = [image("x", shape), tensor("w", shape, [kernel, kernel, channels, outputs])]
        const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
          tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, explicit(pad))
        const bias = tensor("bias", shape, [outputs])
        const options = { x: inputs[0] as tf.Tensor4D, filter: inputs[1] as tf.Tensor4D, strides: stride, bias }
        return [
          ...withGradients(shape, inputs, convolve),
          tf.fused.conv2d({ ...options, pad: explicit(pad) }),
          biasedConvolution({ x: options.x, stride, pad: explicit(pad), depthwise: false }, options.filter, bias, true),
          tf.fused.conv2d({ ...options, pad: explicit(pad), activation: "relu" })
        ]
      })
    },
    fewer
  )

  it.prop(
    "convolves by channel, with gradients, for any shape, stride and padding",
    [Shape],
    ([shape]) => {
      if (!fits(shape)) return
      const { kernel, channels, stride, pad } = shape
      agree(() => {
        const inputs = [image("x", shape), tensor("w", shape, [kernel, kernel, channels, 1])]
        const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
          tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, explicit(pad))
        const bias = tensor("bias", shape, [channels])
        const options = { x: inputs[0] as tf.Tensor4D, filter: inputs[1] as tf.Tensor4D, strides: stride, bias }
        return [
          ...withGradients(shape, inputs, convolve),
          tf.fused.depthwiseConv2d({ ...options, pad: explicit(pad) as unknown as "valid" }),
          biasedConvolution({ x: options.x, stride, pad: explicit(pad), depthwise: true }, options.filter, bias, true)
        ]
      })
    },
    fewer
  )

  it.prop(
    "computes the model's own operations, with gradients, for any shape",
    [Shape],
    ([shape]) => {
      const { images, height, width, channels } = shape
      if (images * height * width < 3) return
      agree(() => {
        const x = image("x", shape).mul(3).add(1)
        const [scale, shift] = [tensor("scale", shape, [channels]), tensor("shift", shape, [channels])]
        const gate = tensor("gate", shape, [images, 1, 1, channels])
        return [
          ...batchNormTraining(x, scale, shift, 1e-3),
          ...withGradients(
            shape,
            [x, scale, shift],
            (x, scale, shift) => batchNormTraining(x, scale!, shift!, 1e-3)[0]
          ),
          ...batchNormSwish(x, scale, shift, 1e-3),
          ...withGradients(shape, [x, scale, shift], (x, scale, shift) => batchNormSwish(x, scale!, shift!, 1e-3)[0]),
          ...withGradients(shape, [x], swish),
          ...withGradients(shape, [x, gate], (x, gate) => gated(x as tf.Tensor4D, gate as tf.Tensor4D)),
          ...withGradients(shape, [x], (x) => spatialMean(x as tf.Tensor4D)),
          ...withGradients(shape, [x, scale], tf.add),
          ...withGradients(shape, [scale, x], tf.mul),
          ...adamStep(
            { weight: x, gradient: x.sub(1), first: x.mul(0.1), second: x.square() },
            { rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 3, decay: 0.99 }
          )
        ]
      }, 4e-5)
    },
    fewer
  )

  it("takes sigmoid and swish to their ends, and hands on what is no number", () => {
    const ends = [0, -0, 1e-8, 5, -5, 20, -20, 86, -86, 1000, -1000, Number.NaN]
    for (const { name } of machines) {
      const [sigmoid, swished] = on(name, () => {
        const x = tf.tensor1d(ends)
        return [x.sigmoid(), tf.engine().runKernel<tf.Tensor>("Swish", { x })]
      })
      for (const [i, x] of ends.entries()) {
        const expected = 1 / (1 + Math.exp(-x))
        if (Number.isNaN(x)) assert.isNaN(sigmoid![i]! + swished![i]!)
        else {
          assert.closeTo(sigmoid![i]!, expected, 3e-7)
          assert.closeTo(swished![i]!, x * expected, 3e-7 * (1 + Math.abs(x)))
        }
      }
    }
  })

  it("hands JavaScript's kernels what they need, and keeps their results when space is used again", async () => {
    await tf.setBackend("simd-2")
    const x = tf.tensor2d(numbers("slice", 1, [64, 16]), [64, 16])
    const doubled = x.mul(2) as tf.Tensor2D
    const expected = doubled.dataSync().slice(0, 32 * 16)
    const top = doubled.slice([0, 0], [32, 16])
    doubled.dispose()
    const other = tf.ones([64, 16]).mul(7)
    assert.deepStrictEqual(top.dataSync(), expected)
    assert.deepStrictEqual(top.transpose().transpose().dataSync(), expected)
    tf.dispose([x, top, other])
  })

  it("trains to the same bytes at any number of threads, near cpu's, and takes no more space after a few steps", async () => {
    const plan = networkPlan({ variant: "b0", family: "torchvision", head: "plain" })
    const values = initialise(plan, 1)
    const images = numbers("images", 1, [4, 32, 32, 3])
    const train = async (backend: string, steps: number) => {
      await tf.setBackend(backend)
      const model = createModel(plan, values)
      const state: OptimiserState = new Map()
      const x = tf.tensor4d(images, [4, 32, 32, 3])
      const labels = tf.tensor1d([0, 1, 1, 0])
      const lossOf = (logits: tf.Tensor1D) => lossPerExample(logits, labels, plainLoss).mean() as tf.Scalar
      const losses: Array<number> = []
      const space: Array<number> = []
      for (let step = 0; step < steps; step++) {
        const { logits, loss, gradients, observed } = trainingStep(
          model,
          { policy: "statistics", depth: 9 },
          { x, done: 0 },
          lossOf,
          keeping
        )
        losses.push(loss.dataSync()[0]!)
        updateRunning(model, observed, 0.1)
        optimise(model, state, gradients, 1e-4, plainAdam)
        tf.dispose([logits, loss])
        space.push((tf.backend() as unknown as Partial<SimdBackend>).machine?.space.taken ?? 0)
      }
      const weights = plan.list.map(({ name }) => model.tensors.get(name)!.dataSync<"float32">().slice())
      disposeMoments(state)
      disposeModel(model)
      tf.dispose([x, labels])
      return { losses, weights, space }
    }
    const one = await train("simd-1", 8)
    const two = await train("simd-2", 8)
    for (const [i, { name }] of plan.list.entries()) assert.isTrue(sameBytes(two.weights[i]!, one.weights[i]!), name)
    assert.strictEqual(one.space.at(-1), one.space[3])
    const reference = await train("cpu", 1)
    assert.closeTo(one.losses[0]!, reference.losses[0]!, 1e-4)
    assert.isBelow(one.losses.at(-1)!, one.losses[0]!)
  })
})

describe("its memory", () => {
  it.prop("rounds sizes up to an eighth more at most, or to 64 bytes", [between(1, 2 ** 31 - 1)], ([bytes]) => {
    const rounded = roundedSize(bytes)
    assert.isAtLeast(rounded, bytes)
    assert.strictEqual(rounded % 64, 0)
    assert.isAtMost(rounded, Math.max(bytes + 63, bytes * 1.125 + 64))
    assert.strictEqual(roundedSize(rounded), rounded)
  })

  const Action = Schema.Struct({
    bytes: Schema.Union([between(1, 4000), between(5_000_000, 30_000_000)]),
    keep: between(0, 12)
  })

  it.prop(
    "never gives a place twice, and makes one gap of all that is given back",
    [Schema.Array(Action)],
    ([actions]) => {
      const fill = (space: SharedSpace, actions: ReadonlyArray<typeof Action.Type>) => {
        const live: Array<{ address: number; bytes: number }> = []
        for (const { bytes, keep } of actions) {
          const address = space.allocate(bytes)
          for (const other of live) {
            assert.isTrue(address + bytes <= other.address || other.address + other.bytes <= address)
          }
          live.push({ address, bytes })
          while (live.length > keep) {
            const [first] = live.splice((keep * 7) % live.length, 1)
            space.release(first!.address, first!.bytes)
          }
        }
        for (const { address, bytes } of live) space.release(address, bytes)
      }
      fill(new SharedSpace(), actions)
      const space = new SharedSpace()
      fill(
        space,
        actions.filter(({ bytes }) => bytes >= 5_000_000)
      )
      const { taken } = space
      if (taken > 0) space.allocate(taken)
      assert.strictEqual(space.taken, taken)
    }
  )

  it("says what does not fit, and by how much", () => {
    const space = new SharedSpace()
    assert.throws(() => space.allocate(4 * 2 ** 30), /4096 MiB for a tensor, .* Choose a smaller batch/)
    assert.strictEqual(space.taken, 0)
  })
})

describe("the compiled kernels", () => {
  it("are what their source compiles to", async () => {
    const committed = new URL("../../src/model/backends/simd/modules.ts", import.meta.url)
    assert.strictEqual(readFileSync(committed, "utf8"), await modulesSource())
  })

  it("have one name each", () => {
    assert.strictEqual(new Set(ownKernels.map(({ name }) => name)).size, ownKernels.length)
  })
})
