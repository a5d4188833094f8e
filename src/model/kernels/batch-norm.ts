/**
 * Batch norm with the batch's own statistics, forward and its analytic gradient (Ioffe and Szegedy 2015, section 3).
 * The last axis is the channel. Sums are kept in float64, so a single pass over the data loses nothing.
 */
import type { HeapKernel } from "./heap.ts"

/** x -> [y, mean, biased variance]. */
export const batchNorm: HeapKernel = {
  name: "BatchNormTraining",
  outputs: ({ x, scale }) => [x!, scale!, scale!],
  run: ({ x, scale, shift }, [y, mean, variance], _shapes, { epsilon }) => {
    const input = x!
    const output = y!
    const channels = scale!.length
    const rows = input.length / channels
    const sum = new Float64Array(channels)
    const squares = new Float64Array(channels)
    for (let row = 0, i = 0; row < rows; row++) {
      for (let c = 0; c < channels; c++, i++) {
        const value = input[i]!
        sum[c]! += value
        squares[c]! += value * value
      }
    }
    for (let c = 0; c < channels; c++) {
      const average = sum[c]! / rows
      const spread = Math.max(0, squares[c]! / rows - average * average)
      mean![c] = average
      variance![c] = spread
      const factor = scale![c]! / Math.sqrt(spread + (epsilon as number))
      squares[c] = factor
      sum[c] = shift![c]! - average * factor
    }
    for (let row = 0, i = 0; row < rows; row++) {
      for (let c = 0; c < channels; c++, i++) output[i] = input[i]! * squares[c]! + sum[c]!
    }
  }
}

/** [sum of dy * normalised x, sum of dy] over everything but the channel: the gradients of scale and shift. */
export const batchNormReduce: HeapKernel = {
  name: "BatchNormTrainingReduce",
  outputs: ({ mean }) => [mean!, mean!],
  run: ({ dy, x, mean, variance }, [scaleGradient, shiftGradient], _shapes, { epsilon }) => {
    const upstream = dy!
    const input = x!
    const channels = mean!.length
    const rows = input.length / channels
    const sum = new Float64Array(channels)
    const products = new Float64Array(channels)
    for (let row = 0, i = 0; row < rows; row++) {
      for (let c = 0; c < channels; c++, i++) {
        const g = upstream[i]!
        sum[c]! += g
        products[c]! += g * (input[i]! - mean![c]!)
      }
    }
    for (let c = 0; c < channels; c++) {
      shiftGradient![c] = sum[c]!
      scaleGradient![c] = products[c]! / Math.sqrt(variance![c]! + (epsilon as number))
    }
  }
}

/** dx = scale * inverse * (dy - mean(dy) - normalised x * mean(dy * normalised x)). */
export const batchNormInput: HeapKernel = {
  name: "BatchNormTrainingInput",
  outputs: ({ x }) => [x!],
  run: ({ dy, x, scale, mean, variance, scaleGradient, shiftGradient }, [dx], _shapes, { epsilon }) => {
    const upstream = dy!
    const input = x!
    const output = dx!
    const channels = mean!.length
    const rows = input.length / channels
    const a = new Float64Array(channels)
    const b = new Float64Array(channels)
    const d = new Float64Array(channels)
    for (let c = 0; c < channels; c++) {
      const inverse = 1 / Math.sqrt(variance![c]! + (epsilon as number))
      a[c] = scale![c]! * inverse
      b[c] = (-a[c]! * inverse * scaleGradient![c]!) / rows
      d[c] = (-a[c]! * shiftGradient![c]!) / rows - b[c]! * mean![c]!
    }
    for (let row = 0, i = 0; row < rows; row++) {
      for (let c = 0; c < channels; c++, i++) output[i] = a[c]! * upstream[i]! + b[c]! * input[i]! + d[c]!
    }
  }
}
