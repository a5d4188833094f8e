/** Whether synthetic images are copies of training images. */
import { auc } from "../delong.ts"
import { quantile } from "../numeric.ts"
import type { Auc, Label } from "../types.ts"
import type { Features } from "./features.ts"
import { kthNearest, nearestIn } from "./neighbours.ts"

export interface Memorisation {
  /** Median distance to the nearest training image, of synthetic images and of real ones that were held out. */
  readonly syntheticDistance: number
  readonly heldOutDistance: number
  /** P(a synthetic image lies nearer to training than a held-out real one): 0.5 as it should be, towards 1 copies. */
  readonly nearer: Auc
  /**
   * Share of synthetic images that lie farther from their nearest training image than that one from its own nearest
   * (AuthPct: Alaa et al. 2022, "How faithful is your synthetic data?").
   */
  readonly authentic: number
  /** For every synthetic image the row of its nearest training image, and the distance. */
  readonly nearest: ReadonlyArray<{ readonly training: number; readonly distance: number }>
}

const median = (values: Float64Array): number => quantile(values.slice().sort(), 0.5)

/**
 * Distances of synthetic images to the real training set beside those of held-out real images (the same features for all).
 * `training`: the images that the generator saw. `null` without two training, two synthetic and two held-out rows.
 */
export const memorisation = (training: Features, synthetic: Features, heldOut: Features): Memorisation | null => {
  if (training.rows < 2 || synthetic.rows < 2 || heldOut.rows < 2) return null
  const fake = nearestIn(synthetic, training)
  const real = nearestIn(heldOut, training)
  const own = kthNearest(training, 1)
  const labels: ReadonlyArray<Label> = [
    ...Array.from(fake.distance, (): Label => 1),
    ...Array.from(real.distance, (): Label => 0)
  ]
  const nearness = [...fake.distance, ...real.distance].map((distance) => -distance)
  const authentic = fake.distance.filter((distance, at) => distance > own[fake.index[at]!]!).length
  return {
    syntheticDistance: median(fake.distance),
    heldOutDistance: median(real.distance),
    nearer: auc(labels, nearness)!,
    authentic: authentic / synthetic.rows,
    nearest: Array.from(fake.distance, (distance, at) => ({ training: fake.index[at]!, distance }))
  }
}
