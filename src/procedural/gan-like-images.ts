/**
 * A second set in the manner of a small GAN: melanomas blended from those of given training images, drawn with the
 * faults such generators have (few modes, lost detail, over-regular structure, a checkerboard, drifting colour). It is
 * derived from the named images only, and its manifest says from which.
 *
 * Checkerboard: A. Odena, V. Dumoulin, C. Olah, "Deconvolution and checkerboard artifacts", Distill, 2016.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Generator, generator } from "../random/generator.ts"
import { drawLesion, type Lesion } from "./lesion.ts"
import {
  type EncodeError,
  encode,
  type File,
  type LesionSetOptions,
  type Photograph,
  photographs
} from "./lesion-images.ts"
import { type Pixels, renderLesion } from "./render.ts"
import type { View } from "./view.ts"

export interface GanLikeOptions {
  readonly seed: number
  readonly count: number
  /** The set that the generator would have seen. */
  readonly source: LesionSetOptions
  /** Paths of its images that may be used: those in train. Only the melanomas among them are. */
  readonly trainedOn: ReadonlyArray<string>
}

/** There is no melanoma among the images that may be used. */
export class NothingToLearn extends Schema.TaggedError<NothingToLearn>()("NothingToLearn", { given: Schema.Int }) {
  override get message(): string {
    return `the GAN-like set: none of the ${this.given} training images given is a melanoma of the set\n  Give ids of its training split.`
  }
}

const side = 128
const modes = 24

const blend = (a: Lesion, b: Lesion, part: number): Lesion => {
  const mix = (x: number, y: number) => x + part * (y - x)
  return {
    ...a,
    skin: [0, 1, 2].map((i) => mix(a.skin[i]!, b.skin[i]!)) as unknown as Lesion["skin"],
    radius: mix(a.radius, b.radius),
    // Averaging pulls the outline towards a disc.
    outline: a.outline.map(([amplitude, phase], i) => [0.8 * mix(amplitude, b.outline[i]![0]), phase] as const),
    ragged: 0.8 * mix(a.ragged, b.ragged),
    fade: Math.min(0.6, 1.4 * mix(a.fade, b.fade)),
    density: mix(a.density, b.density),
    gradient: mix(a.gradient, b.gradient),
    network: [mix(a.network[0], b.network[0]), mix(a.network[1], b.network[1]), 0.2],
    globules: a.globules.filter((_, i) => i % 3 === 0)
  }
}

const viewOf = (random: Generator): View => ({
  width: side / 2,
  height: side / 2,
  rotation: random.uniform(0, 2 * Math.PI),
  zoom: random.uniform(0.95, 1.2),
  shift: [random.normal(0, 0.03), random.normal(0, 0.03)],
  light: [random.normal(1.03, 0.03), random.normal(1, 0.03), random.normal(0.96, 0.03)],
  ring: random.float() < 0.3 ? { radius: random.uniform(1, 1.15), soft: 0.25 } : null,
  hairs: [],
  bubbles: [],
  ruler: null,
  noise: 0
})

/** Doubles the size linearly and lays the pattern of a strided transposed convolution over it. */
const upsample = ({ width, height, data }: Pixels, random: Generator): Pixels => {
  const out = new Uint8Array(width * height * 12)
  const strength = [0, 1, 2].map(() => random.uniform(0.015, 0.045))
  const at = (row: number, column: number, channel: number) =>
    data[(Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))) * 3 + channel]!
  for (let row = 0; row < height * 2; row++) {
    for (let column = 0; column < width * 2; column++) {
      const [y, x] = [(row - 0.5) / 2, (column - 0.5) / 2]
      const [top, left] = [Math.floor(y), Math.floor(x)]
      const [v, u] = [y - top, x - left]
      for (let channel = 0; channel < 3; channel++) {
        const upper = (1 - u) * at(top, left, channel) + u * at(top, left + 1, channel)
        const lower = (1 - u) * at(top + 1, left, channel) + u * at(top + 1, left + 1, channel)
        const sign = (row + column) % 2 === 0 ? 1 : -1
        const value = ((1 - v) * upper + v * lower) * (1 + sign * strength[channel]!)
        out[(row * width * 2 + column) * 3 + channel] = Math.min(255, Math.max(0, Math.round(value)))
      }
    }
  }
  return { width: width * 2, height: height * 2, data: out }
}

const drawFake = ({ seed, source }: GanLikeOptions, parents: ReadonlyArray<Photograph>, index: number): Pixels => {
  const random = generator("procedural", "gan-like", seed, index)
  const mode = generator("procedural", "gan-like mode", seed, random.integer(modes))
  const lesion = () => {
    const parent = parents[mode.integer(parents.length)]!
    return drawLesion(source.seed, parent.person, parent.label, source.separation)
  }
  const made = blend(lesion(), lesion(), mode.uniform(0.2, 0.8))
  const varied: Lesion = {
    ...made,
    radius: made.radius * random.uniform(0.9, 1.1),
    density: made.density * random.uniform(0.9, 1.1),
    texture: [made.texture[0] + random.uniform(-1, 1), made.texture[1] + random.uniform(-1, 1)]
  }
  return upsample(renderLesion(varied, viewOf(random), 0.35), random)
}

/**
 * `count` PNG of 128 × 128 pixels, `malignant_00000.png` and on, and `generator.json` with the images they derive from.
 * Fails with `NothingToLearn` where no melanoma of the set is among `trainedOn`.
 */
export const ganLikeImages = Effect.fnUntraced(function* (
  options: GanLikeOptions
): Effect.fn.Return<ReadonlyArray<File>, EncodeError | NothingToLearn> {
  const allowed = new Set(options.trainedOn)
  const parents = photographs(options.source).filter(({ path, label }) => label === 1 && allowed.has(path))
  if (parents.length === 0) return yield* new NothingToLearn({ given: options.trainedOn.length })
  const files = yield* Effect.forEach(
    Array.from({ length: options.count }, (_, index) => index),
    (index) =>
      Effect.suspend(() =>
        encode(`malignant_${String(index).padStart(5, "0")}.png`, drawFake(options, parents, index))
      ),
    { concurrency: 4 }
  )
  const manifest = {
    generator: "procedural, in the manner of a small GAN, 128 x 128",
    seed: options.seed,
    conditional: false,
    label: "malignant",
    images: options.count,
    trainedOn: parents.map(({ path }) => path)
  }
  const bytes = new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`)
  return [...files, { path: "generator.json", bytes }]
})
