/** The learning rate at any moment: a function of the options, the history and the position alone. */
import { type EpochRecord, improvements } from "./history.ts"
import type { FineTuneOptions } from "./options.ts"

type Settings = Pick<
  FineTuneOptions,
  | "learningRate"
  | "schedule"
  | "plateauFactor"
  | "plateauPatience"
  | "cosineEpochs"
  | "warmUpEpochs"
  | "monitor"
  | "minimumDelta"
>

/** The factor after all plateaus of the history. */
const plateauFactor = (history: ReadonlyArray<EpochRecord>, settings: Settings): number => {
  const better = new Set(improvements(history, settings))
  let factor = 1
  let waiting = 0
  for (const { epoch } of history) {
    waiting = better.has(epoch) ? 0 : waiting + 1
    if (waiting < settings.plateauPatience) continue
    factor *= settings.plateauFactor
    waiting = 0
  }
  return factor
}

/** `position` in epochs from the start of training, with the share of the current one: the rate of the step there. */
export const learningRateAt = (history: ReadonlyArray<EpochRecord>, settings: Settings, position: number): number => {
  const { learningRate, schedule, cosineEpochs, warmUpEpochs } = settings
  const base =
    schedule === "plateau"
      ? learningRate * plateauFactor(history, settings)
      : schedule === "cosine"
        ? (learningRate / 2) * (1 + Math.cos(Math.PI * Math.min(1, position / cosineEpochs)))
        : learningRate
  return base * (warmUpEpochs > 0 ? Math.min(1, position / warmUpEpochs) : 1)
}
