/** What a trained network makes of images just before it judges them: the space in which sets of images are compared. */
import * as Effect from "effect/Effect"
import type { Variant } from "./architecture/variants.ts"
import type { ImageSource } from "./data.ts"
import type { ModelSettingError, WeightFileError } from "./errors.ts"
import { features } from "./features.ts"
import { decodeValues } from "./weights/values.ts"

export interface PooledFeatures {
  readonly variant: Variant
  readonly rows: number
  /** Channels that are pooled. */
  readonly columns: number
  /** Row by row. */
  readonly data: Float32Array
}

/** The pooled features for view 0 of every row, with the running statistics. */
export const pooledFeatures = (
  weights: Uint8Array,
  images: ImageSource,
  batchSize = 32
): Effect.Effect<PooledFeatures, WeightFileError | ModelSettingError> =>
  Effect.gen(function* () {
    const { plan } = yield* decodeValues(weights)
    const { settings } = plan
    const found = yield* features({ ...settings, seed: 0, frozenLayers: "features", batchSize }, weights, {
      ...images,
      views: 1
    })
    return { variant: settings.variant, rows: images.size, columns: plan.architecture.head, data: found.data }
  })
