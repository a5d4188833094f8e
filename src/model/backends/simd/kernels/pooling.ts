/** Means and gates over the pixels of an image: the model's kernels for squeeze-and-excite and pooling. */
import * as tf from "../../../tf.ts"
import type { SimdBackend } from "../backend.ts"
import { type Kernel, type Shape4, size } from "./kernel.ts"

const pooled = (
  backend: SimdBackend,
  x: tf.TensorInfo,
  y: tf.TensorInfo | undefined,
  factor: number
): tf.TensorInfo => {
  const [images, height, width, channels] = x.shape as Shape4
  const output = backend.allocate([images, 1, 1, channels])
  const pixels = height * width
  const places = [backend.address(x), y ? backend.address(y) : 0, backend.address(output)]
  backend.machine.run("pool", images, images * pixels * channels, [...places, pixels, channels], [factor])
  return output
}

const spatialMean: Kernel = {
  name: "SpatialMean",
  compute: (backend, { x }) => pooled(backend, x!, undefined, 1 / (x!.shape[1]! * x!.shape[2]!))
}

const gateGradient: Kernel = {
  name: "GateGradient",
  compute: (backend, { dy, x }) => pooled(backend, dy!, x!, 1)
}

const spatialMeanGradient: Kernel = {
  name: "SpatialMeanGradient",
  compute: (backend, { dy }, attributes) => {
    const { height, width } = attributes as { height: number; width: number }
    const [images, , , channels] = dy!.shape as Shape4
    const pixels = height * width
    const output = backend.allocate([images, height, width, channels])
    const parameters = [0, backend.address(dy!), backend.address(output), pixels, channels, channels * 4, 0]
    backend.machine.run("gate", images, images * pixels * channels, parameters, [1 / pixels])
    return output
  }
}

/** Sums over the leading axes: the gradient of a bias. Sums over others are left to JavaScript. */
const sum: Kernel = {
  name: tf.Sum,
  compute: (backend, { x }, attributes) => {
    const axes = tf.util.parseAxisParam(attributes.axis as number | Array<number>, x!.shape).sort((a, b) => a - b)
    // What is left of a tensor whose axes of length 1 do not matter: sums over all but trailing axes.
    const kept = x!.shape.map((length, axis) => (length === 1 || axes.includes(axis) ? -1 : axis)).filter((a) => a >= 0)
    const summed = axes.filter((axis) => x!.shape[axis] !== 1)
    if (x!.dtype !== "float32" || size(x!.shape) === 0 || (kept[0] ?? Infinity) < (summed.at(-1) ?? -1))
      return undefined
    const keepDims = attributes.keepDims === true
    const shape = x!.shape.flatMap((length, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [length]))
    const output = backend.allocate(shape)
    const channels = size(shape)
    const rows = size(x!.shape) / channels
    const parameters = [backend.address(x!), 0, backend.address(output), rows, channels]
    backend.machine.run("pool", 1, 0, parameters, [1])
    return output
  }
}

export const pooling: ReadonlyArray<Kernel> = [spatialMean, gateGradient, spatialMeanGradient, sum]
