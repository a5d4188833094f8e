/** Training on one batch. */
import { type Draw, inputBatch, type LabelledImages } from "../data.ts"
import * as tf from "../tf.ts"
import { dropping } from "./dropping.ts"
import type { Freezing } from "./freezing.ts"
import { lossPerExample } from "./loss.ts"
import { optimise } from "./optimiser.ts"
import type { FineTuneOptions } from "./options.ts"
import type { Run } from "./run.ts"
import { trainingStep, updateAverage, updateRunning } from "./step.ts"

/** Cuts a batch into so many parts of nearly equal size, none of one image. */
const parts = (draws: ReadonlyArray<Draw>, wanted: number): ReadonlyArray<ReadonlyArray<Draw>> => {
  const count = Math.max(1, Math.min(wanted, Math.floor(draws.length / 2)))
  const cut = (index: number) => Math.round((index * draws.length) / count)
  return Array.from({ length: count }, (_, index) => draws.slice(cut(index), cut(index + 1)))
}

const accumulate = (total: Map<string, tf.Tensor>, gradients: ReadonlyMap<string, tf.Tensor>): void => {
  for (const [name, gradient] of gradients) {
    const sum = total.get(name)
    total.set(name, sum ? sum.add(gradient) : gradient)
    if (sum) tf.dispose([sum, gradient])
  }
}

/** Trains on one batch and moves the run on by a step. Returns the batch's loss. */
export const trainOn = async (
  run: Run,
  data: LabelledImages,
  draws: ReadonlyArray<Draw>,
  options: FineTuneOptions,
  moment: { readonly freezing: Freezing; readonly rate: number; readonly globalStep: number }
): Promise<number> => {
  const { model } = run
  const { plan } = model
  const total = new Map<string, tf.Tensor>()
  let batchLoss = 0
  for (const [part, some] of parts(draws, options.accumulate).entries()) {
    const labels = some.map(({ row }) => data.labels[row]!)
    const input = inputBatch(data.images, some, plan.properties)
    const target = tf.tensor1d(labels)
    const lossOf = (logits: tf.Tensor1D) => lossPerExample(logits, target, options).sum().div(draws.length) as tf.Scalar
    const drop = dropping(plan, options, options.seed, moment.globalStep, part)
    const { logits, loss, gradients, observed } = trainingStep(model, moment.freezing, input, lossOf, drop)
    updateRunning(model, observed, options.momentum ?? plan.properties.momentum)
    accumulate(total, gradients)
    run.logits.push(...(await logits.data()))
    run.labels.push(...labels)
    batchLoss += (await loss.data())[0]!
    tf.dispose([input.x, target, logits, loss])
  }
  optimise(model, run.optimiser, total, moment.rate, options)
  if (options.averageDecay !== null) updateAverage(run.average, model, options.averageDecay)
  run.step++
  return batchLoss
}
