/** A transform: what a user configures, what is drawn for one view of one image, and what that does to pixels. */
import type * as Schema from "effect/Schema"
import type { Generator } from "../../random/generator.ts"
import type { Pixels, Size } from "../pixels.ts"

interface Tagged {
  readonly _tag: string
}

/**
 * `Params` (with albumentations' name and parameters) and `Sampled` (plain JSON; every length relative to the image) are
 * kept apart, so that a plan can be shown, stored and replayed at any resolution.
 */
export interface Family<P extends Tagged, PE, S extends Tagged> {
  readonly params: Schema.Codec<P, PE>
  readonly sampled: Schema.Codec<S, S>
  /** `size` is that of the stored image, upright: it only matters for lengths in pixels. */
  readonly sample: (params: P, generator: Generator, size: Size) => S
  readonly apply: (pixels: Pixels, sampled: S) => Pixels
}

export const family = <P extends Tagged, PE, S extends Tagged>(it: Family<P, PE, S>): Family<P, PE, S> => it
