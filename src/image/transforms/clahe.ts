/** CLAHE on the lightness. */
import * as Schema from "effect/Schema"
import { clahe } from "../kernels/clahe.ts"
import { family } from "./family.ts"
import { Count, Finite, Positive, probability, withDefault } from "./schema.ts"

const Tiles = Schema.Tuple([Count, Count])

export const CLAHE = Schema.TaggedStruct("CLAHE", {
  /** Drawn from 1 … `clipLimit`, or from the pair. */
  clipLimit: withDefault(Schema.Union([Positive, Schema.Tuple([Positive, Positive])]), 4),
  tileGridSize: withDefault(Tiles, [8, 8] as const),
  p: probability(0.5)
})

export const clahes = {
  CLAHE: family({
    params: CLAHE,
    sampled: Schema.TaggedStruct("CLAHE", { clipLimit: Finite, tiles: Tiles }),
    sample: ({ clipLimit, tileGridSize }, generator) => {
      const [low, high] = typeof clipLimit === "number" ? [1, clipLimit] : clipLimit
      return { _tag: "CLAHE" as const, clipLimit: generator.uniform(low, high), tiles: tileGridSize }
    },
    apply: (pixels, sampled) => clahe(pixels, sampled)
  })
}
