/** Transpose, HorizontalFlip, VerticalFlip, Flip, RandomRotate90: the symmetries of the rectangle. */
import * as Schema from "effect/Schema"
import { flipHorizontal, flipVertical, rotate90, transpose } from "../kernels/flips.ts"
import { family } from "./family.ts"
import { probability } from "./schema.ts"

export const Transpose = Schema.TaggedStruct("Transpose", { p: probability(0.5) })
export const HorizontalFlip = Schema.TaggedStruct("HorizontalFlip", { p: probability(0.5) })
export const VerticalFlip = Schema.TaggedStruct("VerticalFlip", { p: probability(0.5) })
/** Upside down, left to right, or both: one of the three. */
export const Flip = Schema.TaggedStruct("Flip", { p: probability(0.5) })
/** 0 to 3 quarter turns counter-clockwise. */
export const RandomRotate90 = Schema.TaggedStruct("RandomRotate90", { p: probability(0.5) })

const AXES = ["vertical", "horizontal", "both"] as const

export const flips = {
  Transpose: family({
    params: Transpose,
    sampled: Schema.TaggedStruct("Transpose", {}),
    sample: () => ({ _tag: "Transpose" as const }),
    apply: (pixels) => transpose(pixels)
  }),
  HorizontalFlip: family({
    params: HorizontalFlip,
    sampled: Schema.TaggedStruct("HorizontalFlip", {}),
    sample: () => ({ _tag: "HorizontalFlip" as const }),
    apply: (pixels) => flipHorizontal(pixels)
  }),
  VerticalFlip: family({
    params: VerticalFlip,
    sampled: Schema.TaggedStruct("VerticalFlip", {}),
    sample: () => ({ _tag: "VerticalFlip" as const }),
    apply: (pixels) => flipVertical(pixels)
  }),
  Flip: family({
    params: Flip,
    sampled: Schema.TaggedStruct("Flip", { axis: Schema.Literals(AXES) }),
    sample: (_, generator) => ({ _tag: "Flip" as const, axis: AXES[generator.integer(3)]! }),
    apply: (pixels, { axis }) =>
      axis === "vertical" ? flipVertical(pixels) : axis === "horizontal" ? flipHorizontal(pixels) : rotate90(pixels, 2)
  }),
  RandomRotate90: family({
    params: RandomRotate90,
    sampled: Schema.TaggedStruct("RandomRotate90", { quarters: Schema.Int }),
    sample: (_, generator) => ({ _tag: "RandomRotate90" as const, quarters: generator.integer(4) }),
    apply: (pixels, { quarters }) => rotate90(pixels, quarters)
  })
}
