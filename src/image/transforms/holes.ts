/** Cutout and CoarseDropout: rectangles of one colour. */
import * as Schema from "effect/Schema"
import { fillHoles, type Hole } from "../kernels/holes.ts"
import { type Pixels, type Size, shorterSide } from "../pixels.ts"
import { family } from "./family.ts"
import { BLACK, Colour, Count, Finite, Length, probability, reference, toFraction, withDefault } from "./schema.ts"

/** Holes of one size, their centres anywhere: at the edge they are cut. */
export const Cutout = Schema.TaggedStruct("Cutout", {
  numHoles: withDefault(Count, 8),
  maxHSize: withDefault(Length, reference(8)),
  maxWSize: withDefault(Length, reference(8)),
  fillValue: withDefault(Colour, BLACK),
  p: probability(0.5)
})

/** Holes of random number and size, wholly inside. A minimum that is absent equals the maximum. */
export const CoarseDropout = Schema.TaggedStruct("CoarseDropout", {
  maxHoles: withDefault(Count, 8),
  maxHeight: withDefault(Length, reference(8)),
  maxWidth: withDefault(Length, reference(8)),
  minHoles: Schema.optionalKey(Count),
  minHeight: Schema.optionalKey(Length),
  minWidth: Schema.optionalKey(Length),
  fillValue: withDefault(Colour, BLACK),
  p: probability(0.5)
})

/** A hole as fractions: x1 and x2 of the width, y1 and y2 of the height. */
const Fractions = Schema.Tuple([Finite, Finite, Finite, Finite])
const fields = { holes: Schema.Array(Fractions), fill: Colour }

const toPixels = ({ width, height }: Size, [x1, y1, x2, y2]: typeof Fractions.Type): Hole => {
  // A hole keeps its size wherever it lies: the corner and the extent are rounded, not both corners.
  const left = Math.round(x1 * width)
  const top = Math.round(y1 * height)
  return [left, top, left + Math.round((x2 - x1) * width), top + Math.round((y2 - y1) * height)]
}

const apply = (
  pixels: Pixels,
  { holes, fill }: { readonly holes: ReadonlyArray<typeof Fractions.Type>; readonly fill: typeof Colour.Type }
): Pixels =>
  fillHoles(
    pixels,
    holes.map((hole) => toPixels(pixels, hole)),
    fill
  )

/** Fractions of the shorter side → fractions of the width and of the height. */
const perSide = (size: Size) => ({ x: shorterSide(size) / size.width, y: shorterSide(size) / size.height })

export const holes = {
  Cutout: family({
    params: Cutout,
    sampled: Schema.TaggedStruct("Cutout", fields),
    sample: ({ numHoles, maxHSize, maxWSize, fillValue }, generator, size) => {
      const width = toFraction(maxWSize, size) * perSide(size).x
      const height = toFraction(maxHSize, size) * perSide(size).y
      return {
        _tag: "Cutout" as const,
        holes: Array.from({ length: numHoles }, () => {
          const y = generator.float()
          const x = generator.float()
          return [x - width / 2, y - height / 2, x + width / 2, y + height / 2] as const
        }),
        fill: fillValue
      }
    },
    apply
  }),
  CoarseDropout: family({
    params: CoarseDropout,
    sampled: Schema.TaggedStruct("CoarseDropout", fields),
    sample: (params, generator, size) => {
      const { maxHoles, minHoles = maxHoles, maxHeight, minHeight = maxHeight, maxWidth, minWidth = maxWidth } = params
      const scale = perSide(size)
      const between = (low: Length, high: Length, factor: number): number =>
        Math.min(1, generator.uniform(toFraction(low, size), toFraction(high, size)) * factor)
      const count = minHoles + generator.integer(Math.max(1, maxHoles - minHoles + 1))
      return {
        _tag: "CoarseDropout" as const,
        holes: Array.from({ length: count }, () => {
          const height = between(minHeight, maxHeight, scale.y)
          const width = between(minWidth, maxWidth, scale.x)
          const y = generator.uniform(0, 1 - height)
          const x = generator.uniform(0, 1 - width)
          return [x, y, x + width, y + height] as const
        }),
        fill: params.fillValue
      }
    },
    apply
  })
}
