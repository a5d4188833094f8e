/** The kernels of this backend, TensorFlow.js's and the model's own, with the JavaScript ones behind them. */
import * as tf from "../../tf.ts"
import type { SimdBackend } from "./backend.ts"
import { batchNorms } from "./kernels/batch-norm.ts"
import { conv2d, conv2dFilter, conv2dInput, fusedConv2d } from "./kernels/convolution.ts"
import { depthwise, depthwiseFilter, depthwiseInput, fusedDepthwise } from "./kernels/depthwise.ts"
import { elementwise } from "./kernels/elementwise.ts"
import type { Attributes, Inputs, Kernel } from "./kernels/kernel.ts"
import { plain } from "./kernels/plain.ts"
import { pooling } from "./kernels/pooling.ts"
import { batchMatMul } from "./kernels/products.ts"

export const ownKernels: ReadonlyArray<Kernel> = [
  batchMatMul,
  conv2d,
  fusedConv2d,
  conv2dInput,
  conv2dFilter,
  depthwise,
  fusedDepthwise,
  depthwiseInput,
  depthwiseFilter,
  ...batchNorms,
  ...elementwise,
  ...pooling,
  ...plain
]

/** Registers everything for the backend of that name; all that the `cpu` backend has is there too. */
export const registerSimdKernels = (backendName: string): void => {
  const own = new Map(ownKernels.map((kernel) => [kernel.name, kernel]))
  const stock = new Map(tf.getKernelsForBackend("cpu").map((config) => [config.kernelName, config]))
  for (const [kernelName, config] of stock) {
    if (!own.has(kernelName)) tf.registerKernel({ ...config, backendName })
  }
  for (const { name, compute } of own.values()) {
    const config = stock.get(name)
    tf.registerKernel({
      ...config,
      kernelName: name,
      backendName,
      kernelFunc: (call) => {
        const result = compute(call.backend as SimdBackend, call.inputs as Inputs, (call.attrs ?? {}) as Attributes)
        if (result !== undefined) return result
        if (config) return config.kernelFunc(call)
        throw new Error(`${name}: no kernel for these inputs`)
      }
    })
  }
}
