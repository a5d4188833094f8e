/** What a network that was trained on real images makes of synthetic ones. */
import * as Schema from "effect/Schema"
import { wilson } from "../proportion.ts"
import { type Label, Proportion } from "../types.ts"

/** The share of images of one class that were called that class; `null` without images. */
export const GanTest = Schema.Struct({
  className: Schema.String,
  seed: Schema.Int,
  synthetic: Schema.NullOr(Proportion),
  real: Schema.NullOr(Proportion)
})
export type GanTest = typeof GanTest.Type

/**
 * The share of images with this label whose logit falls on the label's side of the threshold, with Wilson's interval. On
 * synthetic images it is GAN-test (Shmelkov, Schmid & Alahari 2018, "How good is my GAN?"); to be read beside the same
 * share of real test images: far under it the generator's images do not look like their class, far above it they are
 * easier than real ones.
 */
export const shareCalledRight = (label: Label, threshold: number, logits: Iterable<number>): Proportion | null => {
  const right = Array.from(logits, (logit) => logit >= threshold === (label === 1))
  return wilson(right.filter(Boolean).length, right.length)
}
