/** Backends by name, in the order in which `auto` tries them. A file of its own: naming them starts none. */
export const backendNames = ["tensorflow-gpu", "webgpu", "tensorflow", "simd", "wasm", "cpu"] as const
export type BackendName = (typeof backendNames)[number]
