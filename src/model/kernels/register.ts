/** Registers this project's kernels for a backend, and their gradients with TensorFlow.js's tape. Idempotent. */
import * as tf from "../tf.ts"
import { adamStep } from "./adam.ts"
import { batchNorm, batchNormInput, batchNormReduce } from "./batch-norm.ts"
import { registerComposedKernels } from "./composed.ts"
import { registerConvolutionGradients } from "./convolution.ts"
import { depthwiseFilter, depthwiseInput } from "./depthwise.ts"
import { gateGradient, reluGradient, spatialMean, spatialMeanGradient, swishGradient } from "./elementwise.ts"
import { registerHeapKernel } from "./heap.ts"
import { registerSharingIdentity } from "./identity.ts"
import { maxPool, maxPoolGradient } from "./max-pool.ts"

const ours = [
  batchNorm,
  batchNormReduce,
  batchNormInput,
  swishGradient,
  reluGradient,
  spatialMean,
  spatialMeanGradient,
  gateGradient,
  adamStep
]

/** Kernels that TensorFlow.js knows by name: wasm lacks most of them, the cpu backend's are slower. */
const replacements = [depthwiseInput, depthwiseFilter, maxPool, maxPoolGradient]

const registered = new Set<string>()

export const registerKernels = (backendName: string): void => {
  // The backend of our own comes with its kernels.
  if (registered.has(backendName) || backendName === "simd") return
  registered.add(backendName)
  if (backendName !== "wasm" && backendName !== "cpu") {
    registerComposedKernels(backendName)
    return
  }
  for (const kernel of replacements) {
    if (tf.getKernel(kernel.name, backendName)) tf.unregisterKernel(kernel.name, backendName)
  }
  for (const kernel of [...ours, ...replacements]) registerHeapKernel(kernel, backendName)
  registerConvolutionGradients(backendName)
  if (backendName === "wasm") registerSharingIdentity(backendName)
}
