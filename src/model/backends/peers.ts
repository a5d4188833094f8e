/** The optional peers: what is used of them is declared in optional-peers.d.ts, since they are not installed here. */
import * as tf from "../tf.ts"
import { restoreUtilFunctions } from "./node-util.ts"

const missing = (name: string, error: unknown): Error => {
  const code = (error as { code?: string }).code
  const absent = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND"
  return new Error(absent ? `${name} is not installed` : `${name} does not load: ${(error as Error).message}`)
}

export const startTensorflow = async (): Promise<string> => {
  restoreUtilFunctions()
  try {
    const module = await import("@tensorflow/tfjs-node")
    return `tfjs-node ${module.version["tfjs-node"] ?? module.version.tfjs}`
  } catch (error) {
    throw missing("@tensorflow/tfjs-node", error)
  }
}

export const startTensorflowGpu = async (): Promise<string> => {
  restoreUtilFunctions()
  try {
    const module = await import("@tensorflow/tfjs-node-gpu")
    return `tfjs-node-gpu ${module.version["tfjs-node"] ?? module.version.tfjs}`
  } catch (error) {
    throw missing("@tensorflow/tfjs-node-gpu", error)
  }
}

/** Vulkan drivers that compute on the processor, where `simd` is faster. */
export const isSoftware = (identity: string): boolean => /swiftshader|llvmpipe|lavapipe/i.test(identity)

const startDawn = async (): Promise<string> => {
  let dawn: typeof import("webgpu")
  try {
    dawn = await import("webgpu")
  } catch (error) {
    throw missing("webgpu", error)
  }
  Object.assign(globalThis, dawn.globals)
  const gpu = dawn.create([])
  Object.defineProperty(globalThis.navigator, "gpu", { value: gpu, configurable: true })
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error("no adapter: no graphics card or driver that Vulkan, Metal or D3D12 knows")
  try {
    await import("@tensorflow/tfjs-backend-webgpu")
  } catch (error) {
    throw missing("@tensorflow/tfjs-backend-webgpu", error)
  }
  const { vendor = "", architecture = "", description = "" } = adapter.info ?? {}
  return `tfjs-webgpu ${tf.version_core} ${[vendor, architecture, description].filter(Boolean).join(" ")}`
}

let dawnStarted: Promise<string> | undefined

/**
 * Dawn through the `webgpu` package, as the browser's `navigator.gpu` for TensorFlow.js's backend. Once a process: a second
 * instance would let the first be collected while its device computes, which ends the process.
 */
export const startWebgpu = (): Promise<string> => {
  dawnStarted ??= startDawn()
  return dawnStarted
}
