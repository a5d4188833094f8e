/** What a trained network makes of images just before it judges them: the space in which sets of images are compared. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { layersOf } from "./architecture/forward.ts"
import type { Variant } from "./architecture/variants.ts"
import type { ImageSource } from "./data.ts"
import type { ModelSettingError, WeightFileError } from "./errors.ts"
import { trunkFeatures } from "./features/compute.ts"
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
    const columns = plan.architecture.head
    const data = new Float32Array(images.size * columns)
    const trunk = { ...settings, seed: 0, depth: layersOf(plan).length, batchSize }
    const source = { ...images, views: 1 }
    let row = 0
    yield* Stream.runForEach(trunkFeatures(trunk, { pretrained: weights, statistics: undefined }, source), (some) =>
      Effect.sync(() => {
        for (const { numbers } of some) data.set(numbers, row++ * columns)
      })
    )
    return { variant: settings.variant, rows: images.size, columns, data }
  })
