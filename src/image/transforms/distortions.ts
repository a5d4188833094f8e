/** GridDistortion, OpticalDistortion, ElasticTransform. */
import * as Schema from "effect/Schema"
import { generator as keyed } from "../../random/generator.ts"
import { BorderMode } from "../kernels/border.ts"
import { elasticTransform } from "../kernels/elastic.ts"
import { gridDistortion } from "../kernels/grid-distortion.ts"
import { opticalDistortion } from "../kernels/optical-distortion.ts"
import { shorterSide } from "../pixels.ts"
import { family } from "./family.ts"
import {
  BLACK,
  Colour,
  Count,
  drawKey,
  drawLimit,
  Finite,
  Length,
  Limit,
  probability,
  toFraction,
  withDefault
} from "./schema.ts"

const border = { borderMode: withDefault(BorderMode, "reflect101"), value: withDefault(Colour, BLACK) }
const drawnBorder = { borderMode: BorderMode, value: Colour }

export const GridDistortion = Schema.TaggedStruct("GridDistortion", {
  numSteps: withDefault(Count, 5),
  /** Cells are stretched by 1 + a draw from this. */
  distortLimit: withDefault(Limit, 0.3),
  ...border,
  p: probability(0.5)
})

export const OpticalDistortion = Schema.TaggedStruct("OpticalDistortion", {
  distortLimit: withDefault(Limit, 0.05),
  /** Pixels, rounded to whole ones: under ½, as by default, the centre stays (albumentations 0.5.2). */
  shiftLimit: withDefault(Limit, 0.05),
  ...border,
  p: probability(0.5)
})

/** Albumentations' 50 pixels suppose large images: on 128 pixels nothing would be recognised. */
const ELASTIC_SIDE = 512

/**
 * Relative lengths are those on an image of 512 pixels: the displacement, 0.163 alpha / sigma pixels there, grows with
 * the image.
 */
export const ElasticTransform = Schema.TaggedStruct("ElasticTransform", {
  alpha: withDefault(Length, 1 / ELASTIC_SIDE),
  sigma: withDefault(Length, 50 / ELASTIC_SIDE),
  alphaAffine: withDefault(Length, 50 / ELASTIC_SIDE),
  ...border,
  p: probability(0.5)
})

const Point = Schema.Tuple([Finite, Finite])

export const distortions = {
  GridDistortion: family({
    params: GridDistortion,
    sampled: Schema.TaggedStruct("GridDistortion", {
      steps: Schema.Int,
      x: Schema.Array(Finite),
      y: Schema.Array(Finite),
      ...drawnBorder
    }),
    sample: ({ numSteps, distortLimit, borderMode, value }, generator) => {
      const factors = () => Array.from({ length: numSteps + 1 }, () => 1 + drawLimit(generator, distortLimit))
      return { _tag: "GridDistortion" as const, steps: numSteps, x: factors(), y: factors(), borderMode, value }
    },
    apply: (pixels, { steps, x, y, borderMode, value }) =>
      gridDistortion(pixels, steps, x, y, { mode: borderMode, value })
  }),
  OpticalDistortion: family({
    params: OpticalDistortion,
    /** `dx`, `dy`: fractions of the shorter side. */
    sampled: Schema.TaggedStruct("OpticalDistortion", { k: Finite, dx: Finite, dy: Finite, ...drawnBorder }),
    sample: ({ distortLimit, shiftLimit, borderMode, value }, generator, size) => {
      const shift = () => Math.round(drawLimit(generator, shiftLimit)) / shorterSide(size)
      return {
        _tag: "OpticalDistortion" as const,
        k: drawLimit(generator, distortLimit),
        // -0 would not survive JSON.
        dx: shift() + 0,
        dy: shift() + 0,
        borderMode,
        value
      }
    },
    apply: (pixels, { k, dx, dy, borderMode, value }) => {
      const side = shorterSide(pixels)
      return opticalDistortion(pixels, { k, dx: dx * side, dy: dy * side }, { mode: borderMode, value })
    }
  }),
  ElasticTransform: family({
    params: ElasticTransform,
    /** All lengths in fractions of the shorter side; `displacement` is a standard deviation. */
    sampled: Schema.TaggedStruct("ElasticTransform", {
      corners: Schema.Tuple([Point, Point, Point]),
      displacement: Finite,
      sigma: Finite,
      key: Schema.String,
      ...drawnBorder
    }),
    sample: ({ alpha, sigma, alphaAffine, borderMode, value }, generator, size) => {
      const reach = toFraction(alphaAffine, size)
      const corner = () => [generator.uniform(-reach, reach), generator.uniform(-reach, reach)] as const
      const smoothing = toFraction(sigma, size)
      // One pixel: of this image where alpha is in pixels, else of the reference.
      const pixel = typeof alpha === "number" ? 1 / ELASTIC_SIDE : 1 / shorterSide(size)
      const spread = 1 / (Math.sqrt(3) * 2 * Math.sqrt(Math.PI))
      return {
        _tag: "ElasticTransform" as const,
        corners: [corner(), corner(), corner()] as const,
        displacement: smoothing === 0 ? 0 : ((toFraction(alpha, size) * spread) / smoothing) * pixel,
        sigma: smoothing,
        key: drawKey(generator),
        borderMode,
        value
      }
    },
    apply: (pixels, { corners, displacement, sigma, key, borderMode, value }) => {
      const side = shorterSide(pixels)
      const scaled = ([x, y]: typeof Point.Type) => [x * side, y * side] as const
      const deformation = {
        corners: [scaled(corners[0]), scaled(corners[1]), scaled(corners[2])] as const,
        displacement: displacement * side,
        sigma: sigma * side
      }
      return elasticTransform(pixels, deformation, keyed("elastic", key), { mode: borderMode, value })
    }
  })
}
