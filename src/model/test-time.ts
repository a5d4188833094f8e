/** Test-time augmentation: the same picture seen in several ways, the logits averaged. */
import * as Effect from "effect/Effect"
import type { ImageSource } from "./data.ts"
import type { WeightFileError } from "./errors.ts"
import { predictWith } from "./predict.ts"
import { createModel, disposeModel } from "./training/step.ts"
import { decodeValues } from "./weights/values.ts"

/** View 0 of every row under the eight symmetries of the square, as eight views; the first is the picture itself. */
export const dihedral = (source: ImageSource): ImageSource => {
  const { side, size, read } = source
  const last = side - 1
  const plain = new Uint8Array(side * side * 3)
  return {
    size,
    side,
    views: 8,
    read: (row, view, into) => {
      read(row, 0, plain)
      for (let y = 0, o = 0; y < side; y++) {
        for (let x = 0; x < side; x++, o += 3) {
          const [a, b] = view & 1 ? [x, y] : [y, x]
          const from = ((view & 2 ? last - a : a) * side + (view & 4 ? last - b : b)) * 3
          into[o] = plain[from]!
          into[o + 1] = plain[from + 1]!
          into[o + 2] = plain[from + 2]!
        }
      }
    }
  }
}

/** Mean logit over all views of every row, under weights that fine-tuning wrote. */
export const predictMean = (
  weights: Uint8Array,
  source: ImageSource,
  options: { readonly batchSize?: number } = {}
): Effect.Effect<Float32Array, WeightFileError> =>
  Effect.gen(function* () {
    const { plan, values } = yield* decodeValues(weights)
    return yield* Effect.acquireUseRelease(
      Effect.sync(() => createModel(plan, values)),
      (model) =>
        Effect.gen(function* () {
          const sum = new Float64Array(source.size)
          for (let view = 0; view < source.views; view++) {
            for (const [row, logit] of (yield* predictWith(model, source, { ...options, view })).entries()) {
              sum[row]! += logit
            }
          }
          return Float32Array.from(sum, (total) => total / source.views)
        }),
      (model) => Effect.sync(() => disposeModel(model))
    )
  })
