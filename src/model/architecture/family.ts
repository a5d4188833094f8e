/**
 * Weight families. The same EfficientNet graph was published with different padding, batch-norm constants and
 * preprocessing; a file only gives right numbers under those it was trained with, so they belong to the file's family
 * and are never constants of the network.
 */
import type { Variant } from "./variants.ts"

export const families = ["torchvision", "timm", "tensorflow", "keras", "lukemelas"] as const
export type Family = (typeof families)[number]

/**
 * `symmetric`: k // 2 on every side (PyTorch). `same`: TensorFlow's SAME, the odd pixel at the end, from the size of
 * the layer's own input. `static`: SAME as computed for the variant's native resolution, whatever the input
 * (lukemelas/EfficientNet-PyTorch >= 0.7.1 and 0.6.4; its 0.7.0 is `symmetric` at every b3 layer).
 */
export type Padding = "symmetric" | "same" | "static"

export interface FamilyProperties {
  readonly padding: Padding
  readonly epsilon: number
  /** PyTorch's convention: running = (1 - momentum) * running + momentum * batch. */
  readonly momentum: number
  /** Per channel, RGB in [0, 1]: input = (rgb / 255 - mean) / deviation. */
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const

/**
 * torchvision: `norm_layer` overrides epsilon and momentum for b5-b7 only. tensorflow: timm's `tf_efficientnet_*`
 * ports of Google's checkpoints. keras: `keras.applications`, its in-model normalisation written as mean and deviation.
 */
export const familyProperties = (family: Family, variant: Variant): FamilyProperties => {
  switch (family) {
    case "torchvision": {
      const large = variant === "b5" || variant === "b6" || variant === "b7"
      return { padding: "symmetric", epsilon: large ? 1e-3 : 1e-5, momentum: large ? 0.01 : 0.1, ...imageNet }
    }
    case "timm":
      return { padding: "symmetric", epsilon: 1e-5, momentum: 0.1, ...imageNet }
    case "tensorflow":
      return { padding: "same", epsilon: 1e-3, momentum: 0.1, ...imageNet }
    case "keras":
      return { padding: "same", epsilon: 1e-3, momentum: 0.01, ...imageNet }
    case "lukemelas":
      return { padding: "static", epsilon: 1e-3, momentum: 0.01, ...imageNet }
  }
}
