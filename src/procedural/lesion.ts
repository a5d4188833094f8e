/**
 * One person's lesion as numbers. The class acts through one hidden trait, t ~ N(±separation / 2, 1), which moves
 * asymmetry, border, number of colours and the blue-white veil (the ABCD rule: Nachbar et al., JAAD 30, 1994) with noise
 * of their own: the classes overlap, and no observer can do better than AUC = Φ(separation / √2).
 */
import type { Label } from "../dataset/dataset.ts"
import { type Generator, generator } from "../random/generator.ts"

/** The default: an ideal observer of the trait has ROC AUC Φ(2.2 / √2) = 0.94. */
export const classSeparation = 2.2

/** An RGB colour, each in [0, 255]. */
export type Rgb = readonly [number, number, number]

/** A patch of another colour inside the lesion: where a field shifted by (x, y) exceeds `threshold`. */
export interface Patch {
  readonly kind: "dark" | "red" | "blue" | "white"
  readonly x: number
  readonly y: number
  readonly frequency: number
  readonly threshold: number
  readonly strength: number
}

/** Lengths are in units of the shorter side of an image at zoom 1. */
export interface Lesion {
  readonly skin: Rgb
  readonly radius: number
  /** Amplitudes and phases of the outline's Fourier terms of order 2, 3, …, relative to the radius. */
  readonly outline: ReadonlyArray<readonly [amplitude: number, phase: number]>
  /** How far a random field moves the border, relative to the radius. */
  readonly ragged: number
  /** Width over which the border fades, relative to the radius. */
  readonly fade: number
  /** Optical density of the pigment, its gradient across the lesion (relative) and the gradient's direction. */
  readonly density: number
  readonly gradient: number
  readonly direction: number
  /** Strength, cells per unit length and irregularity of the pigment network. */
  readonly network: readonly [strength: number, frequency: number, warp: number]
  readonly patches: ReadonlyArray<Patch>
  readonly globules: ReadonlyArray<readonly [angle: number, depth: number, size: number, density: number]>
  /** Offset into the noise fields: the texture of this skin. */
  readonly texture: readonly [number, number]
}

const skinTones: ReadonlyArray<Rgb> = [
  [236, 196, 176],
  [226, 180, 154],
  [216, 164, 138],
  [202, 150, 120],
  [178, 124, 96]
]

const drawSkin = (random: Generator): Rgb => {
  const at = Math.min(3.999, Math.abs(random.normal(0, 1.5)))
  const from = skinTones[Math.floor(at)]!
  const to = skinTones[Math.floor(at) + 1]!
  const part = at - Math.floor(at)
  return [0, 1, 2].map((i) => from[i]! + part * (to[i]! - from[i]!) + random.normal(0, 4)) as unknown as Rgb
}

const drawPatches = (random: Generator, malignancy: number): ReadonlyArray<Patch> => {
  const patch = (kind: Patch["kind"], probability: number, strength: number): ReadonlyArray<Patch> =>
    random.float() < probability
      ? [
          {
            kind,
            x: random.uniform(0, 100),
            y: random.uniform(0, 100),
            frequency: random.uniform(3.5, 7),
            threshold: random.uniform(-0.1, 0.25),
            strength: strength * random.uniform(0.5, 1)
          }
        ]
      : []
  return [
    ...patch("dark", 0.2 + 0.6 * malignancy, 0.9),
    ...patch("dark", 0.05 + 0.4 * malignancy, 0.9),
    ...patch("red", 0.12 + 0.4 * malignancy, 0.8),
    ...patch("blue", 0.04 + 0.6 * malignancy, 0.35 + 0.5 * malignancy),
    ...patch("white", 0.06 + 0.35 * malignancy, 0.6)
  ]
}

/** The lesion of one person, a function of (seed, person, label) alone. */
export const drawLesion = (seed: number, person: string, label: Label, separation = classSeparation): Lesion => {
  const random = generator("procedural", "lesion", seed, person)
  const trait = random.normal((label === 1 ? 0.5 : -0.5) * separation)
  const malignancy = 1 / (1 + Math.exp(-1.3 * trait))
  const jitter = () => random.uniform(0.65, 1.35)
  const irregularity = (0.03 + 0.09 * malignancy) * jitter()
  const asymmetry = (0.04 + 0.15 * malignancy) * jitter()
  const outline = [2, 3, 4, 5, 6, 7, 8, 9, 11].map((order) => {
    const scale = order === 2 ? 0.1 : order === 3 ? asymmetry : irregularity * (3 / order) ** 1.2
    return [scale * random.uniform(0.4, 1), random.uniform(0, 2 * Math.PI)] as const
  })
  const globules = Array.from({ length: random.integer(8 + Math.round(26 * malignancy)) }, () => {
    // Regular ones lie anywhere; irregular ones crowd at the border.
    const depth = random.float() < malignancy ? random.uniform(0.75, 1.05) : random.uniform(0, 0.85)
    return [random.uniform(0, 2 * Math.PI), depth, random.uniform(0.008, 0.02), random.uniform(0.2, 0.9)] as const
  })
  return {
    skin: drawSkin(random),
    radius: random.uniform(0.2, 0.34),
    outline,
    ragged: (0.08 + 0.2 * malignancy) * jitter(),
    fade: random.uniform(0.14, 0.4) * (1 - 0.55 * malignancy),
    density: random.uniform(0.45, 1.05) + 0.3 * malignancy,
    gradient: (0.1 + 0.6 * malignancy) * random.uniform(0.3, 1),
    direction: random.uniform(0, 2 * Math.PI),
    network: [random.uniform(0, 0.4), random.uniform(20, 34), 0.5 + malignancy * random.float()],
    patches: drawPatches(random, malignancy),
    globules,
    texture: [random.uniform(0, 128), random.uniform(0, 128)]
  }
}
