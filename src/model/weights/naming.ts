/** The names that each family of weight files gives to the same tree. Ours are torchvision's. */
import type { Family } from "../architecture/family.ts"
import type { BlockShape } from "../architecture/variants.ts"

interface ConvolutionNames {
  readonly conv: string
  readonly norm: string
}

interface BlockNames {
  readonly expand: ConvolutionNames
  readonly depthwise: ConvolutionNames
  readonly squeeze: string
  readonly excite: string
  readonly project: ConvolutionNames
}

export interface Naming {
  readonly stem: ConvolutionNames
  readonly block: (shape: BlockShape, index: number, expanded: boolean) => BlockNames
  readonly head: ConvolutionNames
  /** The head's batch norm, which no published file has. */
  readonly pooled: string
  readonly classifier: string
}

/** `features.<stage + 1>.<place>.block.<n>`; without an expansion every n is one less. */
const torchvision = (stages: number): Naming => ({
  stem: { conv: "features.0.0", norm: "features.0.1" },
  block: ({ stage, place }, _, expanded) => {
    const part = (n: number) => `features.${stage + 1}.${place}.block.${expanded ? n : n - 1}`
    return {
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
const timm: Naming = {
  stem: { conv: "conv_stem", norm: "bn1" },
  block: ({ stage, place }, _, expanded) => {
    const prefix = `blocks.${stage}.${place}`
    return {
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

const lukemelas: Naming = {
  stem: { conv: "_conv_stem", norm: "_bn0" },
  block: (_shape, index) => {
    const prefix = `_blocks.${index}`
    return {
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

/** Names by family; `stages` is the number of stages of the variant (torchvision counts the head after them). */
export const naming = (family: Family | "own", stages: number): Naming => {
  switch (family) {
    case "own":
    case "torchvision":
    case "keras":
      return torchvision(stages)
    case "timm":
    case "tensorflow":
      return timm
    case "lukemelas":
      return lukemelas
  }
}
