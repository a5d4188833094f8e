/** One training step's arithmetic: forward, gradients, and the batch-norm statistics that it observed. */

import { classify, layersOf, type Mode, through, type Weights } from "../architecture/forward.ts"
import { batchMode, inferenceMode, type Observed } from "../architecture/modes.ts"
import type { NetworkPlan } from "../architecture/network.ts"
import type { Input } from "../data.ts"
import * as tf from "../tf.ts"
import { type Freezing, frozenDepth, isFixed, trainableLeaves } from "./freezing.ts"

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
 * Forward and backward. The frozen part runs outside the tape, layer by layer, so that nothing of it is kept for a
 * gradient that nobody asks for. The caller disposes of the result.
 */
export const trainingStep = (
  model: Model,
  freezing: Freezing,
  { x, done }: Input,
  lossOf: (logits: tf.Tensor1D) => tf.Scalar,
  dropping: Dropping
): StepResult => {
  const { plan } = model
  const { epsilon } = plan.properties
  const weights = weightsOf(model)
  const layers = layersOf(plan)
  const observed: Array<Observed> = []
  const trained = batchMode(epsilon, (record) => observed.push(record), dropping)
  const frozen = isFixed(freezing) ? inferenceMode(epsilon) : trained
  const depth = frozenDepth(freezing)
  const taped = Math.max(done, reachesFrozen(freezing) ? 0 : depth)
  const trunk = through(layers.slice(done, taped), frozen, weights, x)
  const trainable = trainableLeaves(plan, freezing)
  let logits: tf.Tensor1D | undefined
  const forward = (): tf.Scalar => {
    let features = trunk
    for (const [index, layer] of layers.entries()) {
      if (index >= taped) features = layer(index < depth ? frozen : trained, weights, features)
    }
    logits = tf.keep(classify(trained, weights, features).reshape([-1]))
    return lossOf(logits)
  }
  const { value: loss, grads } = tf.valueAndGrads(forward)(trainable.map(({ name }) => model.tensors.get(name)!))
  trunk.dispose()
  return {
    logits: logits!,
    loss: loss as tf.Scalar,
    gradients: new Map(trainable.map(({ name }, index) => [name, grads[index]!])),
    observed
  }
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
    const features = through(layersOf(model.plan).slice(done), mode, weights, x, onLayer)
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
