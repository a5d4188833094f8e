/** The optional peers: what is used of them is declared in optional-peers.d.ts, since they are not installed here. */
import util from "node:util"
import * as tf from "../tf.ts"

const missing = (name: string, error: unknown): Error => {
  const code = (error as { code?: string }).code
  const absent = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND"
  return new Error(absent ? `${name} is not installed` : `${name} does not load: ${(error as Error).message}`)
}

/** tfjs-node 4.22 still calls these, which Node 23 removed from `util`. */
const restoreUtilFunctions = (): void => {
  const removed = {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isString: (value: unknown) => typeof value === "string",
    isNumber: (value: unknown) => typeof value === "number",
    isBoolean: (value: unknown) => typeof value === "boolean",
    isObject: (value: unknown) => typeof value === "object" && value !== null,
    isFunction: (value: unknown) => typeof value === "function",
    isUndefined: (value: unknown) => value === undefined
  }
  for (const [name, value] of Object.entries(removed)) {
    if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true })
  }
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

/** Dawn through the `webgpu` package, as the browser's `navigator.gpu` for TensorFlow.js's backend. */
export const startWebgpu = async (): Promise<string> => {
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
