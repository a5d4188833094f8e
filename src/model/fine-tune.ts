/** Fine-tuning: the loop over epochs, with checkpoints, early stopping and the best weights at the end. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { networkPlan } from "./architecture/network.ts"
import type { LabelledImages } from "./data.ts"
import { type ModelSettingError, TrainingError, type WeightFileError } from "./errors.ts"
import { breathe, predictWith } from "./predict.ts"
import { checkTraining, stepFailed } from "./training/check.ts"
import { decodePoint, encodePoint } from "./training/checkpoint.ts"
import { type EpochRecord, improvements, outcome } from "./training/history.ts"
import { metricsOf } from "./training/metrics.ts"
import type { FineTuneOptions } from "./training/options.ts"
import { batches, epochDraws } from "./training/order.ts"
import {
  endRun,
  freezingAt,
  freezingPlan,
  movingValues,
  pointOf,
  type Run,
  startRun,
  validated
} from "./training/run.ts"
import { learningRateAt } from "./training/schedule.ts"
import { trainOn } from "./training/train-on.ts"
import { initialValues, type Pretrained } from "./weights/pretrained.ts"
import { withStatistics } from "./weights/statistics.ts"
import { encodeValues } from "./weights/values.ts"

export interface StepProgress {
  readonly epoch: number
  readonly step: number
  readonly steps: number
  readonly loss: number
}

export interface FineTuneHooks<E = never> {
  readonly onStep?: (progress: StepProgress) => Effect.Effect<void>
  /** `steps`: how many an epoch has. */
  readonly onEpoch?: (record: EpochRecord, steps: number) => Effect.Effect<void>
  /**
   * Kept under a key of everything that shapes the trajectory: all options and data but `epochs` and `patience`. Saved
   * after every epoch, and in the middle of one when interrupted.
   */
  readonly checkpoint?: {
    readonly load: Effect.Effect<Option.Option<Uint8Array>, E>
    readonly save: (bytes: Uint8Array) => Effect.Effect<void, E>
  }
}

export interface StartingPoint {
  readonly pretrained?: Pretrained
  /** Of `calibrate`: batch-norm statistics in the place of the weights'. */
  readonly statistics?: Uint8Array | undefined
}

export interface FineTuned {
  /** safetensors, torchvision's names: the best epoch's weights. */
  readonly weights: Uint8Array
  readonly history: ReadonlyArray<EpochRecord>
  readonly bestEpoch: number
  readonly stoppedEarly: boolean
  /** Epochs trained by this call: fewer than `history` has after a resumption. */
  readonly trained: number
}

/**
 * Trains on `train`, watches `validation`, returns the best weights. The same options, data and backend give the same
 * bytes, in one go or resumed. A backend must be open.
 */
export const fineTune = <E = never>(
  options: FineTuneOptions,
  train: LabelledImages,
  validation: LabelledImages,
  { pretrained, statistics, onStep, onEpoch, checkpoint }: FineTuneHooks<E> & StartingPoint = {}
): Effect.Effect<FineTuned, ModelSettingError | TrainingError | WeightFileError | E> =>
  Effect.gen(function* () {
    const plan = networkPlan(options)
    const freezing = yield* freezingPlan(plan, options)
    yield* checkTraining(options, freezing, train, validation)
    const initial = yield* withStatistics(plan, yield* initialValues(plan, options.seed, pretrained), statistics)
    const saved = checkpoint ? yield* checkpoint.load : Option.none()
    const point = Option.isSome(saved) ? yield* decodePoint(saved.value) : undefined
    const save = (run: Run) =>
      checkpoint
        ? Effect.promise(() => pointOf(run)).pipe(Effect.flatMap((p) => checkpoint.save(encodePoint(p))))
        : Effect.void

    const trainToEnd = (run: Run) =>
      Effect.gen(function* () {
        const length = options.epochLength ?? Math.max(2, train.images.size)
        const known = run.history.length
        let end = outcome(run.history, options)
        while (!end) {
          yield* epoch(run, length)
          yield* save(run)
          end = outcome(run.history, options)
        }
        const best = run.improvements.get(end.best)
        if (!best)
          return yield* new TrainingError({
            message: `checkpoint: no weights of epoch ${end.best}. Delete it to start anew.`
          })
        return {
          weights: encodeValues(plan, new Map([...initial, ...best])),
          history: run.history.slice(0, end.epochs),
          bestEpoch: end.best,
          stoppedEarly: end.stoppedEarly,
          trained: run.history.length - known
        }
      })

    const epoch = (run: Run, length: number) =>
      Effect.gen(function* () {
        const number = run.history.length + 1
        const order = batches(epochDraws(train, options.seed, number - 1, length), options.batchSize)
        const rateAt = (step: number) => learningRateAt(run.history, options, number - 1 + (step + 0.5) / order.length)
        while (run.step < order.length) {
          const rate = rateAt(run.step)
          const globalStep = (number - 1) * order.length + run.step
          const moment = { freezing: freezingAt(freezing, number), rate, globalStep }
          const loss = yield* Effect.uninterruptible(
            Effect.tryPromise({
              try: () => trainOn(run, train, order[run.step]!, options, moment),
              catch: (error) => stepFailed(error, number, run.step)
            })
          )
          if (!Number.isFinite(loss)) {
            const message = `the loss became ${loss} at epoch ${number}, step ${run.step}. Lower learningRate (${rate}).`
            return yield* new TrainingError({ message })
          }
          yield* onStep?.({ epoch: number, step: run.step, steps: order.length, loss }) ?? Effect.void
          yield* breathe
        }
        const logits = yield* predictWith(validated(run), validation.images)
        const record = yield* Effect.promise(
          async (): Promise<EpochRecord> => ({
            epoch: number,
            learningRate: rateAt(order.length - 1),
            train: await metricsOf(Float32Array.from(run.logits), Float32Array.from(run.labels), options),
            validation: await metricsOf(logits, Float32Array.from(validation.labels), options)
          })
        )
        const history = [...run.history, record]
        const values = yield* Effect.promise(() => movingValues(run))
        yield* Effect.sync(() => {
          if (improvements(history, options).at(-1) === number) run.improvements.set(number, values)
          run.history = history
          run.step = 0
          run.logits = []
          run.labels = []
        })
        yield* onEpoch?.(record, order.length) ?? Effect.void
      }).pipe(Effect.onInterrupt(() => Effect.ignore(save(run))))

    return yield* Effect.acquireUseRelease(
      Effect.sync(() => startRun(plan, freezing, initial, options, point)),
      trainToEnd,
      (run) => Effect.sync(() => endRun(run))
    )
  })
