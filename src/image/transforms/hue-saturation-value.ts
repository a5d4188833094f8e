/** HueSaturationValue: shifts in OpenCV's 8-bit HSV. */
import * as Schema from "effect/Schema"
import { shiftHsv } from "../kernels/hsv.ts"
import { family } from "./family.ts"
import { drawLimit, Finite, Limit, probability, withDefault } from "./schema.ts"

export const HueSaturationValue = Schema.TaggedStruct("HueSaturationValue", {
  /** Half degrees. */
  hueShiftLimit: withDefault(Limit, 20),
  /** Levels of 255. */
  satShiftLimit: withDefault(Limit, 30),
  valShiftLimit: withDefault(Limit, 20),
  p: probability(0.5)
})

export const hueSaturationValues = {
  HueSaturationValue: family({
    params: HueSaturationValue,
    sampled: Schema.TaggedStruct("HueSaturationValue", { hue: Finite, saturation: Finite, value: Finite }),
    sample: ({ hueShiftLimit, satShiftLimit, valShiftLimit }, generator) => ({
      _tag: "HueSaturationValue" as const,
      hue: drawLimit(generator, hueShiftLimit),
      saturation: drawLimit(generator, satShiftLimit),
      value: drawLimit(generator, valShiftLimit)
    }),
    apply: (pixels, sampled) => shiftHsv(pixels, sampled)
  })
}
