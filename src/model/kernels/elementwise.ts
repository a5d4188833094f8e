/** Swish, squeeze-and-excite's scaling and spatial pooling: the loops for which the stock kernels take several passes. */
import type { HeapKernel } from "./heap.ts"

/** Gradient of x * sigmoid(x), given both x and its sigmoid: dy * s * (1 + x * (1 - s)). */
export const swishGradient: HeapKernel = {
  name: "SwishGradient",
  outputs: ({ x }) => [x!],
  run: ({ dy, x, sigmoid }, [dx]) => {
    const upstream = dy!
    const input = x!
    const gate = sigmoid!
    const output = dx!
    for (let i = 0; i < output.length; i++) {
      const s = gate[i]!
      output[i] = upstream[i]! * s * (1 + input[i]! * (1 - s))
    }
  }
}

/** Gradient of max(x, 0), given the output y: dy where y is above 0. */
export const reluGradient: HeapKernel = {
  name: "ReluGradient",
  outputs: ({ y }) => [y!],
  run: ({ dy, y }, [dx]) => {
    const upstream = dy!
    const given = y!
    const output = dx!
    for (let i = 0; i < output.length; i++) output[i] = given[i]! > 0 ? upstream[i]! : 0
  }
}

/** (N, H, W, C) -> (N, 1, 1, C), the mean over H and W. */
export const spatialMean: HeapKernel = {
  name: "SpatialMean",
  outputs: ({ x }) => [[x![0]!, 1, 1, x![3]!]],
  run: ({ x }, [y], shapes) => {
    const [images, height, width, channels] = shapes.x as [number, number, number, number]
    const pixels = height * width
    const sum = new Float64Array(channels)
    for (let n = 0, i = 0; n < images; n++) {
      sum.fill(0)
      for (let p = 0; p < pixels; p++) for (let c = 0; c < channels; c++, i++) sum[c]! += x![i]!
      for (let c = 0; c < channels; c++) y![n * channels + c] = sum[c]! / pixels
    }
  }
}

/** (N, 1, 1, C) -> (N, H, W, C): every pixel gets dy / (H * W). */
export const spatialMeanGradient: HeapKernel = {
  name: "SpatialMeanGradient",
  outputs: ({ dy }, { height, width }) => [[dy![0]!, height as number, width as number, dy![3]!]],
  run: ({ dy }, [dx], shapes, { height, width }) => {
    const pixels = (height as number) * (width as number)
    const [images, , , channels] = shapes.dy as [number, number, number, number]
    for (let n = 0, i = 0; n < images; n++) {
      for (let p = 0; p < pixels; p++) {
        for (let c = 0; c < channels; c++, i++) dx![i] = dy![n * channels + c]! / pixels
      }
    }
  }
}

/** Gradient of a gate (N, 1, 1, C) that multiplies x (N, H, W, C): the sum of dy * x over H and W. */
export const gateGradient: HeapKernel = {
  name: "GateGradient",
  outputs: ({ x }) => [[x![0]!, 1, 1, x![3]!]],
  run: ({ dy, x }, [dgate], shapes) => {
    const [images, height, width, channels] = shapes.x as [number, number, number, number]
    const sum = new Float64Array(channels)
    for (let n = 0, i = 0; n < images; n++) {
      sum.fill(0)
      for (let p = 0; p < height * width; p++) {
        for (let c = 0; c < channels; c++, i++) sum[c]! += dy![i]! * x![i]!
      }
      dgate!.set(sum, n * channels)
    }
  }
}
