export const formats = ["safetensors", "tfjs", "onnx"] as const
export type Format = (typeof formats)[number]
