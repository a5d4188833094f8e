/** EfficientNet's layers by family. */
import type { Family } from "../architecture/family.ts"
import type { BlockShape } from "../architecture/variants.ts"
import type { Names } from "./naming.ts"

const isExpanded = (shape: BlockShape): boolean => shape.middle !== shape.input

/** `features.<stage + 1>.<place>.block.<n>`; without an expansion every n is one less. */
const torchvision = (stages: number): Names => ({
  stem: { conv: "features.0.0", norm: "features.0.1" },
  block: (shape) => {
    const { stage, place } = shape
    const part = (n: number) => `features.${stage + 1}.${place}.block.${isExpanded(shape) ? n : n - 1}`
    return {
      kind: "mbconv",
      expand: { conv: `${part(0)}.0`, norm: `${part(0)}.1` },
      depthwise: { conv: `${part(1)}.0`, norm: `${part(1)}.1` },
      squeeze: `${part(2)}.fc1`,
      excite: `${part(2)}.fc2`,
      project: { conv: `${part(3)}.0`, norm: `${part(3)}.1` }
    }
  },
  head: { conv: `features.${stages + 1}.0`, norm: `features.${stages + 1}.1` },
  pooled: "classifier.norm",
  classifier: "classifier.1"
})

/** Without an expansion (`DepthwiseSeparableConv`) `conv_pw` is the projection, and the batch norms move up. */
const timm: Names = {
  stem: { conv: "conv_stem", norm: "bn1" },
  block: (shape) => {
    const prefix = `blocks.${shape.stage}.${shape.place}`
    const expanded = isExpanded(shape)
    return {
      kind: "mbconv",
      expand: { conv: `${prefix}.conv_pw`, norm: `${prefix}.bn1` },
      depthwise: { conv: `${prefix}.conv_dw`, norm: `${prefix}.${expanded ? "bn2" : "bn1"}` },
      squeeze: `${prefix}.se.conv_reduce`,
      excite: `${prefix}.se.conv_expand`,
      project: expanded
        ? { conv: `${prefix}.conv_pwl`, norm: `${prefix}.bn3` }
        : { conv: `${prefix}.conv_pw`, norm: `${prefix}.bn2` }
    }
  },
  head: { conv: "conv_head", norm: "bn2" },
  pooled: "classifier_norm",
  classifier: "classifier"
}

const lukemelas: Names = {
  stem: { conv: "_conv_stem", norm: "_bn0" },
  block: (_shape, index) => {
    const prefix = `_blocks.${index}`
    return {
      kind: "mbconv",
      expand: { conv: `${prefix}._expand_conv`, norm: `${prefix}._bn0` },
      depthwise: { conv: `${prefix}._depthwise_conv`, norm: `${prefix}._bn1` },
      squeeze: `${prefix}._se_reduce`,
      excite: `${prefix}._se_expand`,
      project: { conv: `${prefix}._project_conv`, norm: `${prefix}._bn2` }
    }
  },
  head: { conv: "_conv_head", norm: "_bn1" },
  pooled: "_fc_norm",
  classifier: "_fc"
}

/** Blocks are `block<stage + 1><letter of the place>`. */
const keras: Names = {
  stem: { conv: "stem_conv", norm: "stem_bn" },
  block: ({ stage, place }) => {
    const prefix = `block${stage + 1}${String.fromCharCode(97 + place)}`
    return {
      kind: "mbconv",
      expand: { conv: `${prefix}_expand_conv`, norm: `${prefix}_expand_bn` },
      depthwise: { conv: `${prefix}_dwconv`, norm: `${prefix}_bn` },
      squeeze: `${prefix}_se_reduce`,
      excite: `${prefix}_se_expand`,
      project: { conv: `${prefix}_project_conv`, norm: `${prefix}_project_bn` }
    }
  },
  head: { conv: "top_conv", norm: "top_bn" },
  pooled: "top_pooled_bn",
  classifier: "predictions"
}

/** `stages` is the number of stages of the variant: torchvision counts the head after them. */
export const efficientnetNames = (family: Family, stages: number): Names | undefined => {
  switch (family) {
    case "torchvision":
      return torchvision(stages)
    case "timm":
    case "tensorflow":
      return timm
    case "lukemelas":
      return lukemelas
    case "keras":
      return keras
    case "keras-2.2":
      return undefined
  }
}
