/** ShiftScaleRotate: one affine warp, bilinear. */
import * as Schema from "effect/Schema"
import { BorderMode } from "../kernels/border.ts"
import { shiftScaleRotate } from "../kernels/shift-scale-rotate.ts"
import { family } from "./family.ts"
import { BLACK, Colour, drawLimit, Finite, Limit, probability, withDefault } from "./schema.ts"

export const ShiftScaleRotate = Schema.TaggedStruct("ShiftScaleRotate", {
  /** Fractions of the width and the height. */
  shiftLimit: withDefault(Limit, 0.0625),
  /** The scale is 1 + a draw from this. */
  scaleLimit: withDefault(Limit, 0.1),
  /** Degrees. */
  rotateLimit: withDefault(Limit, 45),
  borderMode: withDefault(BorderMode, "reflect101"),
  /** The colour of a constant border. */
  value: withDefault(Colour, BLACK),
  p: probability(0.5)
})

export const shiftScaleRotations = {
  ShiftScaleRotate: family({
    params: ShiftScaleRotate,
    sampled: Schema.TaggedStruct("ShiftScaleRotate", {
      angle: Finite,
      scale: Finite,
      dx: Finite,
      dy: Finite,
      borderMode: BorderMode,
      value: Colour
    }),
    sample: ({ shiftLimit, scaleLimit, rotateLimit, borderMode, value }, generator) => ({
      _tag: "ShiftScaleRotate" as const,
      angle: drawLimit(generator, rotateLimit),
      scale: 1 + drawLimit(generator, scaleLimit),
      dx: drawLimit(generator, shiftLimit),
      dy: drawLimit(generator, shiftLimit),
      borderMode,
      value
    }),
    apply: (pixels, { borderMode, value, ...sampled }) => shiftScaleRotate(pixels, sampled, { mode: borderMode, value })
  })
}
