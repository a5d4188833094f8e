/** GaussNoise. */
import * as Schema from "effect/Schema"
import { generator as keyed } from "../../random/generator.ts"
import { gaussNoise } from "../kernels/noise.ts"
import { family } from "./family.ts"
import { drawKey, Finite, NonNegative, probability, withDefault } from "./schema.ts"

export const GaussNoise = Schema.TaggedStruct("GaussNoise", {
  /** The variance, in squared grey levels, is drawn from 10 … 50, or from the pair; a number x means 0 … x. */
  varLimit: withDefault(Schema.Union([NonNegative, Schema.Tuple([NonNegative, NonNegative])]), [10, 50] as const),
  p: probability(0.5)
})

export const noises = {
  GaussNoise: family({
    params: GaussNoise,
    sampled: Schema.TaggedStruct("GaussNoise", { deviation: Finite, key: Schema.String }),
    sample: ({ varLimit }, generator) => {
      const [low, high] = typeof varLimit === "number" ? [0, varLimit] : varLimit
      return {
        _tag: "GaussNoise" as const,
        deviation: Math.sqrt(generator.uniform(low, high)),
        key: drawKey(generator)
      }
    },
    apply: (pixels, { deviation, key }) => gaussNoise(pixels, deviation, keyed("gauss-noise", key))
  })
}
