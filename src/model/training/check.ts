/** What can be refused before anything is trained, and what to say of a step that failed. */
import * as Effect from "effect/Effect"
import type { LabelledImages } from "../data.ts"
import { ModelSettingError, TrainingError } from "../errors.ts"
import { isFixed } from "./freezing.ts"
import type { FineTuneOptions } from "./options.ts"
import type { FreezingPlan } from "./run.ts"

export const checkTraining = (
  options: FineTuneOptions,
  freezing: FreezingPlan,
  train: LabelledImages,
  validation: LabelledImages
): Effect.Effect<void, ModelSettingError> => {
  const fail = (setting: string, message: string) => Effect.fail(new ModelSettingError({ setting, message }))
  for (const source of [train.images, validation.images]) {
    if ("side" in source || freezing.every(({ freezing }) => isFixed(freezing) && freezing.depth >= source.done))
      continue
    return fail(
      "frozenLayers",
      `features of ${source.done} layers do not serve a training that changes one of them. Train from images, or freeze more under adapt or inference.`
    )
  }
  const classes = new Set(Array.from(validation.labels))
  if (train.images.size < 1) return fail("train", "no training images. Look at the split's shares.")
  if (validation.images.size < 1) return fail("validation", "no validation images. Look at the split's shares.")
  if (train.images.size !== train.labels.length || validation.images.size !== validation.labels.length) {
    return fail("labels", "images and labels differ in number.")
  }
  if (options.monitor === "auc" && classes.size < 2) {
    return fail(
      "monitor",
      "the validation images are all of one class, so there is no AUC. Monitor loss, or split anew."
    )
  }
  return Effect.void
}

export const stepFailed = (error: unknown, epoch: number, step: number): TrainingError => {
  const fault = error instanceof Error ? error.message : String(error)
  const memory = /out of bounds|allocat|memory/i.test(fault)
  const mend = memory ? " The backend's memory is full: raise accumulate, or lower batchSize." : ""
  return new TrainingError({ message: `training failed at epoch ${epoch}, step ${step}: ${fault}.${mend}` })
}
