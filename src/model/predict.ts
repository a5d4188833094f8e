/** Logits of a trained network. */
import * as Effect from "effect/Effect"
import { type Draw, inputBatch, type Source } from "./data.ts"
import type { WeightFileError } from "./errors.ts"
import { createModel, disposeModel, inference, type Model } from "./training/step.ts"
import { decodeValues } from "./weights/values.ts"

/** Lets timers, messages and interrupts in: kernels run on this thread. */
export const breathe: Effect.Effect<void> = Effect.callback((resume) => {
  const handle = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(handle))
})

export const predictWith = (
  model: Model,
  source: Source,
  { batchSize = 64, view = 0 }: { readonly batchSize?: number; readonly view?: number } = {}
): Effect.Effect<Float32Array> =>
  Effect.gen(function* () {
    const result = new Float32Array(source.size)
    for (let start = 0; start < source.size; start += batchSize) {
      const length = Math.min(batchSize, source.size - start)
      const draws = Array.from({ length }, (_, index): Draw => ({ row: start + index, view }))
      const input = inputBatch(source, draws, model.plan.properties)
      const logits = inference(model, input)
      result.set(yield* Effect.promise(() => logits.data()), start)
      input.x.dispose()
      logits.dispose()
      yield* breathe
    }
    return result
  })

/** Logits (one per row, view 0) under weights that fine-tuning wrote; an open backend computes them. */
export const predict = (
  weights: Uint8Array,
  source: Source,
  options?: { readonly batchSize?: number; readonly view?: number }
): Effect.Effect<Float32Array, WeightFileError> =>
  Effect.gen(function* () {
    const { plan, values } = yield* decodeValues(weights)
    return yield* Effect.acquireUseRelease(
      Effect.sync(() => createModel(plan, values)),
      (model) => predictWith(model, source, options),
      (model) => Effect.sync(() => disposeModel(model))
    )
  })
