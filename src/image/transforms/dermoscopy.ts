/**
 * Hair and Microscope: what dermoscopy adds to a picture. After R. Semenov's `AdvancedHairAugmentation` and `Microscope`
 * (SIIM-ISIC 2020 discussion), but with hairs that are drawn here, so that no collection of hair images is needed.
 */
import * as Schema from "effect/Schema"
import type { Generator } from "../../random/generator.ts"
import { maskOutsideCircle } from "../kernels/field-of-view.ts"
import { drawHairs } from "../kernels/hair.ts"
import { shorterSide } from "../pixels.ts"
import { family } from "./family.ts"
import { Colour, drawLength, Finite, LengthRange, probability, withDefault } from "./schema.ts"

export const Hair = Schema.TaggedStruct("Hair", {
  /** 0 to so many hairs. */
  hairs: withDefault(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })), 5),
  /** A hair's thickness. */
  widthLimit: withDefault(LengthRange, [0.004, 0.014] as const),
  p: probability(0.5)
})

export const Microscope = Schema.TaggedStruct("Microscope", {
  /** The circle's radius; at 0.5 it touches the nearer edges, over 0.71 nothing of a square image is hidden. */
  radiusLimit: withDefault(LengthRange, [0.488, 0.559] as const),
  p: probability(0.5)
})

const Point = Schema.Tuple([Finite, Finite])
const DrawnHair = Schema.Struct({
  /** End, control point, end: fractions of the width and the height. */
  curve: Schema.Tuple([Point, Point, Point]),
  /** Fraction of the shorter side. */
  width: Finite,
  colour: Colour,
  opacity: Finite
})

/** Anywhere, also with its ends outside; as long as up to 1.2 sides, bent to one side. */
const curve = (generator: Generator): typeof DrawnHair.Type.curve => {
  const [x, y] = [generator.uniform(-0.1, 1.1), generator.uniform(-0.1, 1.1)]
  const angle = generator.uniform(0, 2 * Math.PI)
  const length = generator.uniform(0.3, 1.2)
  const bend = generator.uniform(-0.35, 0.35) * length
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)]
  return [
    [x, y],
    [x + (dx * length) / 2 - dy * bend, y + (dy * length) / 2 + dx * bend],
    [x + dx * length, y + dy * length]
  ]
}

/** Black to brown: skin hair in dermoscopic photographs. */
const colour = (generator: Generator): typeof Colour.Type => {
  const shade = generator.uniform(15, 75)
  return [shade, shade * generator.uniform(0.7, 0.95), shade * generator.uniform(0.5, 0.9)]
}

export const dermoscopy = {
  Hair: family({
    params: Hair,
    sampled: Schema.TaggedStruct("Hair", { hairs: Schema.Array(DrawnHair) }),
    sample: ({ hairs, widthLimit }, generator, size) => ({
      _tag: "Hair" as const,
      hairs: Array.from({ length: generator.integer(hairs + 1) }, () => ({
        curve: curve(generator),
        width: drawLength(generator, widthLimit, size),
        colour: colour(generator),
        opacity: generator.uniform(0.6, 0.95)
      }))
    }),
    apply: (pixels, { hairs }) => {
      const at = ([x, y]: typeof Point.Type) => [x * pixels.width, y * pixels.height] as const
      return drawHairs(
        pixels,
        hairs.map((hair) => ({
          ...hair,
          curve: [at(hair.curve[0]), at(hair.curve[1]), at(hair.curve[2])],
          width: hair.width * shorterSide(pixels)
        }))
      )
    }
  }),
  Microscope: family({
    params: Microscope,
    /** Fraction of the shorter side; the circle is centred. */
    sampled: Schema.TaggedStruct("Microscope", { radius: Finite }),
    sample: ({ radiusLimit }, generator, size) => ({
      _tag: "Microscope" as const,
      radius: drawLength(generator, radiusLimit, size)
    }),
    apply: (pixels, { radius }) =>
      maskOutsideCircle(pixels, pixels.width / 2, pixels.height / 2, radius * shorterSide(pixels))
  })
}
