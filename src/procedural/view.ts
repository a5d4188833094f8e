/** One photograph of a lesion: the camera, the light, and what lies in the way, all without regard to the class. */
import { generator } from "../random/generator.ts"

/** A hair as a quadratic Bézier curve in units of the image's sides; width in pixels at a short side of 200. */
export interface Hair {
  readonly points: readonly [number, number, number, number, number, number]
  readonly width: number
  readonly darkness: number
}

export interface View {
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Radians. */
  readonly rotation: number
  readonly zoom: number
  /** Of the lesion from the middle, in units of the shorter side. */
  readonly shift: readonly [number, number]
  /** Factor of each channel. */
  readonly light: readonly [number, number, number]
  /** Radius (units of the longer half side) at which the corners go dark, and how sharply; null without a ring. */
  readonly ring: { readonly radius: number; readonly soft: number } | null
  readonly hairs: ReadonlyArray<Hair>
  /** Bubbles in the immersion fluid: centre and radius in units of the shorter side. */
  readonly bubbles: ReadonlyArray<readonly [number, number, number]>
  /** The side with a ruler's ticks, if any. */
  readonly ruler: "top" | "bottom" | null
  /** Standard deviation of the sensor noise, grey levels. */
  readonly noise: number
}

const hairOf = (random: ReturnType<typeof generator>, angle: number): Hair => {
  const x = random.uniform(-0.05, 1.05)
  const y = random.uniform(-0.05, 1.05)
  const length = random.uniform(0.25, 0.8)
  const own = angle + random.normal(0, 0.35)
  const bend = random.normal(0, 0.12)
  const [dx, dy] = [length * Math.cos(own), length * Math.sin(own)]
  return {
    points: [x, y, x + dx / 2 - bend * dy, y + dy / 2 + bend * dx, x + dx, y + dy],
    width: random.uniform(0.7, 1.8),
    darkness: random.uniform(0.45, 0.85)
  }
}

/** Photograph `index` of a person, a function of (seed, person, index) alone. */
export const drawView = (seed: number, person: string, index: number): View => {
  const random = generator("procedural", "view", seed, person, index)
  const long = 4 * Math.round(random.uniform(53, 80))
  const short = Math.round(long * 0.75)
  const upright = random.float() < 0.3
  const warmth = random.normal(0, 0.025)
  const exposure = random.normal(1, 0.05)
  const angle = random.uniform(0, Math.PI)
  const hairs = random.float() < 0.45 ? 2 + random.integer(14) : 0
  return {
    width: upright ? short : long,
    height: upright ? long : short,
    rotation: random.uniform(0, 2 * Math.PI),
    zoom: random.uniform(0.85, 1.2),
    shift: [random.normal(0, 0.045), random.normal(0, 0.045)],
    light: [exposure * (1 + warmth), exposure, exposure * (1 - warmth)],
    ring: random.float() < 0.35 ? { radius: random.uniform(0.88, 1.12), soft: random.uniform(0.02, 0.2) } : null,
    hairs: Array.from({ length: hairs }, () => hairOf(random, angle)),
    bubbles:
      random.float() < 0.25
        ? Array.from(
            { length: 1 + random.integer(7) },
            () => [random.uniform(-0.6, 0.6), random.uniform(-0.5, 0.5), random.uniform(0.008, 0.035)] as const
          )
        : [],
    ruler: random.float() < 0.15 ? (random.float() < 0.5 ? "top" : "bottom") : null,
    noise: random.uniform(1.5, 4)
  }
}
