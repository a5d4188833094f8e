/** RandomBrightnessContrast and RandomContrast. */
import * as Schema from "effect/Schema"
import { brightnessContrast } from "../kernels/brightness-contrast.ts"
import { family } from "./family.ts"
import { drawLimit, Finite, Limit, probability, withDefault } from "./schema.ts"

export const RandomBrightnessContrast = Schema.TaggedStruct("RandomBrightnessContrast", {
  brightnessLimit: withDefault(Limit, 0.2),
  contrastLimit: withDefault(Limit, 0.2),
  /** Brightness in parts of 255; otherwise of the image's mean. */
  brightnessByMax: withDefault(Schema.Boolean, true),
  p: probability(0.5)
})

export const RandomContrast = Schema.TaggedStruct("RandomContrast", {
  limit: withDefault(Limit, 0.2),
  p: probability(0.5)
})

export const brightnessContrasts = {
  RandomBrightnessContrast: family({
    params: RandomBrightnessContrast,
    sampled: Schema.TaggedStruct("RandomBrightnessContrast", {
      alpha: Finite,
      beta: Finite,
      brightnessByMax: Schema.Boolean
    }),
    sample: ({ brightnessLimit, contrastLimit, brightnessByMax }, generator) => ({
      _tag: "RandomBrightnessContrast" as const,
      alpha: 1 + drawLimit(generator, contrastLimit),
      beta: drawLimit(generator, brightnessLimit),
      brightnessByMax
    }),
    apply: (pixels, sampled) => brightnessContrast(pixels, sampled)
  }),
  RandomContrast: family({
    params: RandomContrast,
    sampled: Schema.TaggedStruct("RandomContrast", { alpha: Finite }),
    sample: ({ limit }, generator) => ({ _tag: "RandomContrast" as const, alpha: 1 + drawLimit(generator, limit) }),
    apply: (pixels, { alpha }) => brightnessContrast(pixels, { alpha, beta: 0, brightnessByMax: true })
  })
}
