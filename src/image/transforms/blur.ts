/** GaussianBlur, MotionBlur, MedianBlur. Kernels whose size comes to less than two pixels of the image do nothing. */
import * as Schema from "effect/Schema"
import { convolve } from "../kernels/convolve.ts"
import { gaussianBlur } from "../kernels/gaussian.ts"
import { medianBlur } from "../kernels/median.ts"
import { motionKernel } from "../kernels/motion.ts"
import { family } from "./family.ts"
import { drawLength, Finite, LengthRange, oddSize, probability, reference, withDefault } from "./schema.ts"

/** The kernel's side. */
const blurLimit = withDefault(LengthRange, [reference(3), reference(7)] as const)

/** The deviation follows the kernel's size: 0.3 ((size − 1) / 2 − 1) + 0.8 pixels. */
export const GaussianBlur = Schema.TaggedStruct("GaussianBlur", { blurLimit, p: probability(0.5) })
/** A line between two random cells of the kernel. */
export const MotionBlur = Schema.TaggedStruct("MotionBlur", { blurLimit, p: probability(0.5) })
export const MedianBlur = Schema.TaggedStruct("MedianBlur", { blurLimit, p: probability(0.5) })

const Cell = Schema.Tuple([Finite, Finite])

export const blurs = {
  GaussianBlur: family({
    params: GaussianBlur,
    sampled: Schema.TaggedStruct("GaussianBlur", { size: Finite }),
    sample: (params, generator, size) => ({
      _tag: "GaussianBlur" as const,
      size: drawLength(generator, params.blurLimit, size)
    }),
    apply: (pixels, { size }) => {
      const pixelSize = oddSize(size, pixels)
      return pixelSize === 1 ? pixels : gaussianBlur(pixels, pixelSize, 0)
    }
  }),
  MotionBlur: family({
    params: MotionBlur,
    /** `from` and `to`: column and row in the kernel, 0 … 1. */
    sampled: Schema.TaggedStruct("MotionBlur", { size: Finite, from: Cell, to: Cell }),
    sample: (params, generator, size) => ({
      _tag: "MotionBlur" as const,
      size: drawLength(generator, params.blurLimit, size),
      from: [generator.float(), generator.float()] as const,
      to: [generator.float(), generator.float()] as const
    }),
    apply: (pixels, { size, from, to }) => {
      const pixelSize = oddSize(size, pixels)
      if (pixelSize === 1) return pixels
      const cell = ([x, y]: typeof Cell.Type) => [Math.floor(x * pixelSize), Math.floor(y * pixelSize)] as const
      return convolve(pixels, motionKernel(pixelSize, cell(from), cell(to)), pixelSize)
    }
  }),
  MedianBlur: family({
    params: MedianBlur,
    sampled: Schema.TaggedStruct("MedianBlur", { size: Finite }),
    sample: (params, generator, size) => ({
      _tag: "MedianBlur" as const,
      size: drawLength(generator, params.blurLimit, size)
    }),
    apply: (pixels, { size }) => {
      const pixelSize = oddSize(size, pixels)
      return pixelSize === 1 ? pixels : medianBlur(pixels, pixelSize)
    }
  })
}
