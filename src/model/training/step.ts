/** One training step's arithmetic: forward, gradients, and the batch-norm statistics that it observed. */

import { classify, layersOf, type Mode, through, type Weights } from "../architecture/forward.ts"
import { batchMode, inferenceMode, type Observed } from "../architecture/modes.ts"
import type { NetworkPlan } from "../architecture/network.ts"
import type { Input } from "../data.ts"
import * as tf from "../tf.ts"
import { backward, tapeBudget } from "./backward.ts"
import { type Freezing, isFixed, trainableLeaves } from "./freezing.ts"
import { tapeBytes } from "./memory.ts"

/** A network on the backend: one tensor per leaf, by name. The maps change, the tensors do not. */
export interface Model {
  readonly plan: NetworkPlan
  readonly tensors: Map<string, tf.Tensor>
}

export const weightsOf = ({ plan, tensors }: Model): Weights => plan.tree(({ name }) => tensors.get(name)!)

export type Dropping = Pick<Mode, "depth" | "dropout">

/** Nothing dropped. */
export const keeping: Dropping = { depth: (branch) => branch, dropout: (features) => features }

export interface StepResult {
  readonly logits: tf.Tensor1D
  readonly loss: tf.Scalar
  /** By leaf name, for the trainable leaves. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>
  readonly observed: ReadonlyArray<Observed>
}

/** Whether backpropagation must reach the frozen part: only where something in it trains. */
const reachesFrozen = ({ policy }: Freezing): boolean => policy === "affine"

/**
 * Forward and backward. The frozen part runs without a tape, layer by layer, so that nothing of it is kept for a
 * gradient that nobody asks for. The caller disposes of the result.
 */
export const trainingStep = (
  model: Model,
  freezing: Freezing,
  { x, done }: Input,
  lossOf: (logits: tf.Tensor1D) => tf.Scalar,
  dropping: Dropping,
  budget = tapeBudget
): StepResult => {
  const { plan } = model
  const { epsilon } = plan.properties
  const weights = weightsOf(model)
  const observed: Array<Observed> = []
  let recomputing = false
  const observe = (record: Observed) => {
    if (recomputing) tf.dispose([record.mean, record.variance])
    else observed.push(record)
  }
  const trained = batchMode(epsilon, observe, dropping)
  const frozen = isFixed(freezing) ? inferenceMode(epsilon) : trained
  const layers = layersOf(plan).map(
    (layer, index) => (x: tf.Tensor4D) => layer(index < freezing.depth ? frozen : trained, weights, x)
  )
  const start = Math.max(done, reachesFrozen(freezing) ? 0 : freezing.depth)
  const trunk = through(layers.slice(done, start), x)
  const trainable = trainableLeaves(plan, freezing).map(({ name, layer }) => ({
    name,
    tensor: model.tensors.get(name)!,
    layer: layer - start
  }))
  let logits: tf.Tensor1D | undefined
  const top = (features: tf.Tensor4D): tf.Scalar => {
    logits = tf.keep(classify(trained, weights, features).reshape([-1]))
    return lossOf(logits)
  }
  const memory = { bytes: tapeBytes(plan, start, trunk.shape), budget }
  const { loss, gradients } = backward(layers.slice(start), top, trunk, trainable, memory, () => {
    recomputing = true
  })
  trunk.dispose()
  return { logits: logits!, loss, gradients, observed }
}

/**
 * Mixes observed statistics into the running ones, PyTorch's way: the variance that is kept is the unbiased one.
 * Disposes of what was observed.
 */
export const updateRunning = (model: Model, observed: ReadonlyArray<Observed>, momentum: number): void => {
  const names = new Map([...model.tensors].map(([name, tensor]) => [tensor.id, name]))
  for (const { norm, mean, variance, count } of observed) {
    const mix = (running: tf.Tensor, value: tf.Tensor, factor: number) => {
      const next = tf.tidy(() => running.mul(1 - momentum).add(value.mul(momentum * factor)))
      model.tensors.set(names.get(running.id)!, next)
      running.dispose()
      value.dispose()
    }
    mix(norm.mean, mean, 1)
    mix(norm.variance, variance, count > 1 ? count / (count - 1) : 1)
  }
}

/** Logits (N) with the running statistics; `onLayer` sees the output of every layer. */
export const inference = (
  model: Model,
  { x, done }: Input,
  onLayer?: (output: tf.Tensor4D, index: number) => void
): tf.Tensor1D =>
  tf.tidy(() => {
    const mode = inferenceMode(model.plan.properties.epsilon)
    const weights = weightsOf(model)
    const layers = layersOf(model.plan)
      .slice(done)
      .map((layer) => (x: tf.Tensor4D) => layer(mode, weights, x))
    const features = through(layers, x, onLayer)
    return classify(mode, weights, features).reshape([-1])
  })

/** `average = decay * average + (1 - decay) * weight` for every weight of the average. */
export const updateAverage = (average: Map<string, tf.Tensor>, model: Model, decay: number): void => {
  for (const [name, old] of average) {
    const next = tf.tidy(() => old.mul(decay).add(model.tensors.get(name)!.mul(1 - decay)))
    average.set(name, next)
    old.dispose()
  }
}

export const createModel = (plan: NetworkPlan, values: ReadonlyMap<string, Float32Array>): Model => ({
  plan,
  tensors: new Map(plan.list.map(({ name, shape }) => [name, tf.tensor(values.get(name)!, [...shape])]))
})

export const disposeModel = ({ tensors }: Model): void => {
  for (const tensor of tensors.values()) tensor.dispose()
  tensors.clear()
}
