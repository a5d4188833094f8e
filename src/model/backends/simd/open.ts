/** Opens the backend `simd`: this project's own kernels in WebAssembly, on all cores. */
import { availableParallelism } from "node:os"
import * as tf from "../../tf.ts"
import { SimdBackend } from "./backend.ts"
import { Machine } from "./machine.ts"
import { registerSimdKernels } from "./register.ts"

export interface SimdOptions {
  /** Threads, the caller's among them; results do not depend on it. All cores by default, at most 16. */
  readonly threads?: number
  /** Which build of the kernels; `best` takes relaxed SIMD where the engine has it. */
  readonly build?: "relaxed" | "plain" | "best"
  /** Whether the engine may join vectors to 256 bits (see compile.ts); results do not depend on it. */
  readonly wide?: boolean
  /** The name under which TensorFlow.js knows the backend. */
  readonly name?: string
}

/**
 * Registers the backend with TensorFlow.js and makes it the current one; opening it again keeps the first.
 * @returns its identity: which build of the kernels computes, since a fused multiply and add rounds otherwise
 * @throws Error where the engine has no WebAssembly SIMD or no shared memory
 */
export const openSimd = async (options: SimdOptions = {}): Promise<string> => {
  const { threads, build = "best", wide = true, name = "simd" } = options
  if (!tf.findBackendFactory(name)) {
    const machine = Machine.open(threads ?? Math.min(16, availableParallelism()), build, wide)
    tf.registerBackend(name, () => new SimdBackend(machine))
    registerSimdKernels(name)
  }
  await tf.setBackend(name)
  await tf.ready()
  return `simd ${(tf.backend() as unknown as SimdBackend).machine.build}`
}

/** Takes the backend away and ends its threads. */
export const closeSimd = async (name = "simd"): Promise<void> => {
  const backend = tf.findBackend(name) as unknown as SimdBackend | null
  for (const { kernelName } of tf.getKernelsForBackend(name)) tf.unregisterKernel(kernelName, name)
  tf.removeBackend(name)
  await backend?.machine.close()
}
