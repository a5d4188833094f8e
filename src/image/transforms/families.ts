/** All transforms but the compositions, by name. */
import * as Schema from "effect/Schema"
import type { Generator } from "../../random/generator.ts"
import type { Pixels, Size } from "../pixels.ts"
import { blurs } from "./blur.ts"
import { brightnessContrasts } from "./brightness-contrast.ts"
import { clahes } from "./clahe.ts"
import { dermoscopy } from "./dermoscopy.ts"
import { distortions } from "./distortions.ts"
import type { Family } from "./family.ts"
import { flips } from "./flips.ts"
import { holes } from "./holes.ts"
import { hueSaturationValues } from "./hue-saturation-value.ts"
import { noises } from "./noise.ts"
import { shiftScaleRotations } from "./shift-scale-rotate.ts"

export const families = {
  ...flips,
  ...shiftScaleRotations,
  ...brightnessContrasts,
  ...hueSaturationValues,
  ...holes,
  ...clahes,
  ...noises,
  ...blurs,
  ...distortions,
  ...dermoscopy
}

type Families = typeof families
type Name = keyof Families

/** One configured transform, with every default filled in. */
export type Leaf = { [N in Name]: Families[N]["params"]["Type"] }[Name]
export type LeafEncoded = { [N in Name]: Families[N]["params"]["Encoded"] }[Name]
/** What was drawn for one transform: plain JSON, lengths relative to the image. */
export type Sampled = { [N in Name]: Families[N]["sampled"]["Type"] }[Name]

const names = Object.keys(families) as ReadonlyArray<Name>
// The union over a record's values cannot be followed by the type checker; the two types above say what it is.
export const Leaf = Schema.Union(names.map((name) => families[name].params)) as unknown as Schema.Codec<
  Leaf,
  LeafEncoded
>
export const Sampled = Schema.Union(names.map((name) => families[name].sampled)) as unknown as Schema.Codec<Sampled>

/** The family of a tag; each `Leaf` and `Sampled` only ever meets its own. */
const familyOf = (tag: Name) => families[tag] as unknown as Family<Leaf, LeafEncoded, Sampled>

export const sampleLeaf = (leaf: Leaf, generator: Generator, size: Size): Sampled =>
  familyOf(leaf._tag).sample(leaf, generator, size)

export const applySampled = (pixels: Pixels, sampled: Sampled): Pixels => familyOf(sampled._tag).apply(pixels, sampled)
