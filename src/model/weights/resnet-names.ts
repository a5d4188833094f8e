/** ResNet's layers by family. */
import type { Family } from "../architecture/family.ts"
import type { Names } from "./naming.ts"

/** ResNet has no convolution between the last block and pooling. */
const noHead = { conv: "", norm: "" }

const torchvision: Names = {
  stem: { conv: "conv1", norm: "bn1" },
  block: ({ stage, place }) => {
    const prefix = `layer${stage + 1}.${place}`
    const part = (n: number) => ({ conv: `${prefix}.conv${n}`, norm: `${prefix}.bn${n}` })
    const shortcut = { conv: `${prefix}.downsample.0`, norm: `${prefix}.downsample.1` }
    return { kind: "bottleneck", first: part(1), middle: part(2), last: part(3), shortcut }
  },
  head: noHead,
  pooled: "fc_norm",
  classifier: "fc"
}

/** keras_applications >= 1.0.8, tf.keras and Keras 3. */
const keras: Names = {
  stem: { conv: "conv1_conv", norm: "conv1_bn" },
  block: ({ stage, place }) => {
    const part = (n: number) => {
      const prefix = `conv${stage + 2}_block${place + 1}_${n}`
      return { conv: `${prefix}_conv`, norm: `${prefix}_bn` }
    }
    return { kind: "bottleneck", first: part(1), middle: part(2), last: part(3), shortcut: part(0) }
  },
  head: noHead,
  pooled: "pooled_bn",
  classifier: "predictions"
}

/** keras_applications before 1.0.8, with the names of Caffe's model. */
const keras22: Names = {
  stem: { conv: "conv1", norm: "bn_conv1" },
  block: ({ stage, place }) => {
    const part = (branch: string) => {
      const suffix = `${stage + 2}${String.fromCharCode(97 + place)}_branch${branch}`
      return { conv: `res${suffix}`, norm: `bn${suffix}` }
    }
    return { kind: "bottleneck", first: part("2a"), middle: part("2b"), last: part("2c"), shortcut: part("1") }
  },
  head: noHead,
  pooled: "pooled_bn",
  classifier: "fc1000"
}

export const resnetNames = (family: Family): Names | undefined => {
  switch (family) {
    case "torchvision":
    case "timm":
      return torchvision
    case "keras":
      return keras
    case "keras-2.2":
      return keras22
    default:
      return undefined
  }
}
