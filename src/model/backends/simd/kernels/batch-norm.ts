/** Batch norm with the batch's own statistics and its analytic gradient: the model's kernels of the same names. */
import type { Kernel } from "./kernel.ts"
import { rowsPerChunk, size } from "./kernel.ts"

/** Rows summed in float32 before float64 takes over. */
const PART = 256

export const batchNorm: Kernel = {
  name: "BatchNormTraining",
  compute: (backend, inputs, attributes) => {
    const { x, scale, shift } = inputs
    const { machine } = backend
    const epsilon = attributes.epsilon as number
    const channels = size(scale!.shape)
    const rows = size(x!.shape) / channels
    const outputs = [backend.allocate(x!.shape), backend.allocate(scale!.shape), backend.allocate(scale!.shape)]
    const [to, mean, variance] = outputs.map((output) => backend.address(output)) as [number, number, number]
    const [from, gamma, beta] = [backend.address(x!), backend.address(scale!), backend.address(shift!)]
    const parts = Math.ceil(rows / PART)
    const block = rowsPerChunk(channels)
    machine.scratch((parts * 2 + 2) * channels, (factor) => {
      const offset = factor + channels * 4
      const sums = offset + channels * 4
      machine.run("momentParts", parts, rows * channels, [from, sums, rows, channels, PART])
      const totals = [sums, from, gamma, beta, mean, variance, factor, offset, channels, parts, rows]
      machine.run("momentTotals", 1, 0, totals, [epsilon])
      const affine = [from, factor, offset, to, rows, channels, block]
      machine.run("affine", Math.ceil(rows / block), rows * channels, affine)
    })
    return outputs
  }
}

export const batchNormReduce: Kernel = {
  name: "BatchNormTrainingReduce",
  compute: (backend, inputs, attributes) => {
    const { dy, x, mean, variance } = inputs
    const { machine } = backend
    const channels = size(mean!.shape)
    const rows = size(x!.shape) / channels
    const outputs = [backend.allocate(mean!.shape), backend.allocate(mean!.shape)]
    const [scaleGradient, shiftGradient] = outputs.map((output) => backend.address(output)) as [number, number]
    const parts = Math.ceil(rows / PART)
    machine.scratch(parts * 2 * channels, (sums) => {
      const [from, upstream, pivot] = [backend.address(x!), backend.address(dy!), backend.address(mean!)]
      machine.run("gradientParts", parts, rows * channels, [from, sums, rows, channels, PART, upstream, pivot])
      const totals = [sums, backend.address(variance!), scaleGradient, shiftGradient, channels, parts]
      machine.run("gradientTotals", 1, 0, totals, [attributes.epsilon as number])
    })
    return outputs
  }
}

export const batchNormInput: Kernel = {
  name: "BatchNormTrainingInput",
  compute: (backend, inputs, attributes) => {
    const { dy, x, scale, mean, variance, scaleGradient, shiftGradient } = inputs
    const { machine } = backend
    const channels = size(mean!.shape)
    const rows = size(x!.shape) / channels
    const block = rowsPerChunk(channels)
    const output = backend.allocate(x!.shape)
    const [from, upstream, to] = [backend.address(x!), backend.address(dy!), backend.address(output)]
    const vectors = [scale, mean, variance, scaleGradient, shiftGradient].map((vector) => backend.address(vector!))
    machine.scratch(3 * channels, (factors) => {
      machine.run("inputFactors", 1, 0, [...vectors, factors, channels, rows], [attributes.epsilon as number])
      const parameters = [from, upstream, factors, to, rows, channels, block]
      machine.run("inputGradient", Math.ceil(rows / block), rows * channels, parameters)
    })
    return output
  }
}
