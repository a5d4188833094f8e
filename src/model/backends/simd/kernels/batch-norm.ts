/**
 * Batch norm with the batch's own statistics and its analytic gradient, alone and with swish after it: the model's
 * kernels of the same names. With swish, its input is computed again for the gradient, so that it need not be kept.
 */
import type { SimdBackend } from "../backend.ts"
import { type Inputs, type Kernel, rowsPerChunk, size } from "./kernel.ts"

/** Rows summed in float32 before float64 takes over. */
const PART = 256

const forward = (name: string, swish: boolean): Kernel => ({
  name,
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
      const affine = [from, factor, offset, to, rows, channels, block, Number(swish)]
      machine.run("affine", Math.ceil(rows / block), rows * channels, affine)
    })
    return outputs
  }
})

/** Calls `use` with the addresses of factor and offset of y = x * factor + offset; 0 without swish. */
const withFactors = (
  backend: SimdBackend,
  { scale, shift, mean, variance }: Inputs,
  epsilon: number,
  swish: boolean,
  use: (factor: number, offset: number) => void
): void => {
  if (!swish) {
    use(0, 0)
    return
  }
  const channels = size(mean!.shape)
  const vectors = [scale!, shift!, mean!, variance!].map((vector) => backend.address(vector))
  backend.machine.scratch(2 * channels, (factor) => {
    const offset = factor + channels * 4
    backend.machine.run("affineFactors", 1, 0, [...vectors, factor, offset, channels], [epsilon])
    use(factor, offset)
  })
}

const reduce = (name: string, swish: boolean): Kernel => ({
  name,
  compute: (backend, inputs, attributes) => {
    const { dy, x, mean, variance } = inputs
    const { machine } = backend
    const epsilon = attributes.epsilon as number
    const channels = size(mean!.shape)
    const rows = size(x!.shape) / channels
    const outputs = [backend.allocate(mean!.shape), backend.allocate(mean!.shape)]
    const [scaleGradient, shiftGradient] = outputs.map((output) => backend.address(output)) as [number, number]
    const parts = Math.ceil(rows / PART)
    machine.scratch(parts * 2 * channels, (sums) => {
      const [from, upstream, pivot] = [backend.address(x!), backend.address(dy!), backend.address(mean!)]
      withFactors(backend, inputs, epsilon, swish, (factor, offset) => {
        const parameters = [from, sums, rows, channels, PART, upstream, pivot, factor, offset]
        machine.run("gradientParts", parts, rows * channels, parameters)
      })
      const totals = [sums, backend.address(variance!), scaleGradient, shiftGradient, channels, parts]
      machine.run("gradientTotals", 1, 0, totals, [epsilon])
    })
    return outputs
  }
})

const input = (name: string, swish: boolean): Kernel => ({
  name,
  compute: (backend, inputs, attributes) => {
    const { dy, x, scale, mean, variance, scaleGradient, shiftGradient } = inputs
    const { machine } = backend
    const epsilon = attributes.epsilon as number
    const channels = size(mean!.shape)
    const rows = size(x!.shape) / channels
    const block = rowsPerChunk(channels)
    const output = backend.allocate(x!.shape)
    const [from, upstream, to] = [backend.address(x!), backend.address(dy!), backend.address(output)]
    const vectors = [scale, mean, variance, scaleGradient, shiftGradient].map((vector) => backend.address(vector!))
    machine.scratch(3 * channels, (factors) => {
      machine.run("inputFactors", 1, 0, [...vectors, factors, channels, rows], [epsilon])
      withFactors(backend, inputs, epsilon, swish, (factor, offset) => {
        const parameters = [from, upstream, factors, to, rows, channels, block, factor, offset]
        machine.run("inputGradient", Math.ceil(rows / block), rows * channels, parameters)
      })
    })
    return output
  }
})

export const batchNorms: ReadonlyArray<Kernel> = [
  forward("BatchNormTraining", false),
  reduce("BatchNormTrainingReduce", false),
  input("BatchNormTrainingInput", false),
  forward("BatchNormSwish", true),
  reduce("BatchNormSwishReduce", true),
  input("BatchNormSwishInput", true)
]
