/** Pieces of the transforms' schemas: defaults, probabilities, ranges, lengths, colours. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Generator } from "../../random/generator.ts"
import { type Size, shorterSide } from "../pixels.ts"

/** A field that may be left out, in configuration files and in `make` alike. */
export const withDefault = <S extends Schema.Top & Schema.WithoutConstructorDefault>(
  schema: S,
  value: S["Encoded"] & S["~type.make.in"]
) =>
  schema.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(value)),
    Schema.withConstructorDefault(Effect.succeed(value))
  )

const Unit = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
export const probability = (value: number) => withDefault(Unit, value)

export const Finite = Schema.Finite
export const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
export const NonNegative = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
export const Count = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))

/** A limit as albumentations has them: `x` stands for −x … x (around 0), a pair for itself. */
export const Limit = Schema.Union([Schema.Finite, Schema.Tuple([Schema.Finite, Schema.Finite])])
export type Limit = typeof Limit.Type

/** Uniform from a limit around 0. */
export const drawLimit = (generator: Generator, limit: Limit): number => {
  const [low, high] = typeof limit === "number" ? [-limit, limit] : limit
  return generator.uniform(low, high)
}

/** Ordered bounds. */
export const Range = Schema.Tuple([Schema.Finite, Schema.Finite]).check(
  Schema.makeFilter(([low, high]) => (low <= high ? undefined : `the lower bound ${low} is over the upper, ${high}`))
)

/**
 * The side, in pixels, of the image on which albumentations' lengths are read when they are made relative: the 128 pixels
 * that the network sees. So its 8-pixel hole is 8 / 128 of the side by default, on photographs and GAN images alike.
 */
export const REFERENCE_SIDE = 128

/** A length: a fraction of the image's shorter side or, on request, pixels of the image as it is stored. */
export const Length = Schema.Union([NonNegative, Schema.Struct({ pixels: NonNegative })])
export type Length = typeof Length.Type

/** As a fraction of the shorter side. */
export const toFraction = (length: Length, size: Size): number =>
  typeof length === "number" ? length : length.pixels / shorterSide(size)

export const LengthRange = Schema.Tuple([Length, Length])

export const drawLength = (generator: Generator, [low, high]: readonly [Length, Length], size: Size): number =>
  generator.uniform(toFraction(low, size), toFraction(high, size))

/** Albumentations' pixels as a fraction of the reference side. */
export const reference = (pixels: number): number => pixels / REFERENCE_SIDE

const Level = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
/** Red, green, blue in 0…255. */
export const Colour = Schema.Tuple([Level, Level, Level])
export const BLACK = [0, 0, 0] as const

/** What a transform that draws a field of noise keeps in place of it: the key of a generator. */
export const drawKey = (generator: Generator): string =>
  [generator.uint32(), generator.uint32()].map((word) => word.toString(16).padStart(8, "0")).join("")

/** The odd kernel size, in pixels, nearest to a fraction of the side; 1 (nothing happens) at the least. */
export const oddSize = (fraction: number, size: Size): number =>
  2 * Math.max(0, Math.round((fraction * shorterSide(size) - 1) / 2)) + 1
