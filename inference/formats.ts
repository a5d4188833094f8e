export const formats = ["safetensors", "tfjs", "onnx"] as const
export type Format = (typeof formats)[number]

const meanings: Readonly<Record<Format, string>> = {
  safetensors: "torchvision's names, for PyTorch",
  tfjs: "for tf.loadLayersModel",
  onnx: "refused, with the way to it"
}
export const formatsHelp = formats.map((format) => `${format} (${meanings[format]})`).join(", ")
