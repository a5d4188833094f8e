/** What is remembered of every epoch, and what follows from it: the best epoch, and when to stop. */
import type { FineTuneOptions } from "./options.ts"

export interface Metrics {
  readonly loss: number
  /** Of logits above 0. */
  readonly accuracy: number
  /** Over all examples of the epoch; null where a class is missing. */
  readonly auc: number | null
}

export interface EpochRecord {
  /** From 1. */
  readonly epoch: number
  /** Of its last step. */
  readonly learningRate: number
  /** In training mode, over the batches as they came. */
  readonly train: Metrics
  readonly validation: Metrics
}

type Monitoring = Pick<FineTuneOptions, "monitor" | "minimumDelta">

/** What is monitored, as a number of which more is better. */
const scoreOf = ({ validation }: EpochRecord, monitor: Monitoring["monitor"]): number =>
  monitor === "auc" ? (validation.auc ?? Number.NEGATIVE_INFINITY) : -validation.loss

/** The epochs that were better than all before them by more than the minimal delta; the first always is. */
export const improvements = (
  history: ReadonlyArray<EpochRecord>,
  { monitor, minimumDelta }: Monitoring
): ReadonlyArray<number> => {
  const result: Array<number> = []
  let best = Number.NEGATIVE_INFINITY
  for (const record of history) {
    const score = scoreOf(record, monitor)
    if (result.length > 0 && !(score > best + minimumDelta)) continue
    best = score
    result.push(record.epoch)
  }
  return result
}

export interface Outcome {
  /** Epochs that count. */
  readonly epochs: number
  readonly best: number
  readonly stoppedEarly: boolean
}

/**
 * Where training ends by `epochs` and `patience`, or undefined while it goes on. A function of the history's beginning
 * alone: a history that went further gives what a run with these settings would have given.
 */
export const outcome = (
  history: ReadonlyArray<EpochRecord>,
  settings: Monitoring & Pick<FineTuneOptions, "epochs" | "patience">
): Outcome | undefined => {
  const better = new Set(improvements(history, settings))
  let best = 0
  for (const { epoch } of history) {
    if (better.has(epoch)) best = epoch
    if (epoch - best >= settings.patience) return { epochs: epoch, best, stoppedEarly: true }
    if (epoch >= settings.epochs) return { epochs: epoch, best, stoppedEarly: false }
  }
  return undefined
}
