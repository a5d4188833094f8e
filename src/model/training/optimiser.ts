/**
 * Optimisers as PyTorch has them. Adam (Kingma and Ba 2015): bias corrected, epsilon added outside the root. AdamW
 * (Loshchilov and Hutter 2019): the weight decays by rate * weightDecay. SGD: buffer = momentum * buffer + gradient.
 */
import type { Leaf } from "../architecture/tree.ts"
import { adamStep } from "../operations.ts"
import * as tf from "../tf.ts"
import type { FineTuneOptions } from "./options.ts"
import type { Model } from "./step.ts"

export interface Moments {
  readonly first: tf.Tensor
  /** Adam's; SGD has none. */
  readonly second: tf.Tensor | undefined
  /** Steps that this weight has taken. */
  readonly step: number
}

export type OptimiserState = Map<string, Moments>

export type OptimiserSettings = Pick<FineTuneOptions, "optimiser" | "weightDecay" | "sgdMomentum" | "clipNorm">

export const plainAdam: OptimiserSettings = { optimiser: "adam", weightDecay: 0, sgdMomentum: 0, clipNorm: null }

/** Kernels decay, vectors do not. */
const decays = (leaf: Leaf): boolean => leaf.shape.length > 1

const sgdStep = (
  weight: tf.Tensor,
  gradient: tf.Tensor,
  buffer: tf.Tensor | undefined,
  settings: { readonly rate: number; readonly decay: number; readonly momentum: number }
): readonly [tf.Tensor, tf.Tensor] =>
  tf.tidy(() => {
    const decayed = settings.decay === 0 ? gradient : gradient.add(weight.mul(settings.decay))
    const next = buffer ? buffer.mul(settings.momentum).add(decayed) : decayed.clone()
    const pair: [tf.Tensor, tf.Tensor] = [weight.sub(next.mul(settings.rate)), next]
    return pair
  })

/** The factor that brings the norm of all gradients together down to `clipNorm` (torch.nn.utils.clip_grad_norm_). */
export const clipFactor = (gradients: Iterable<tf.Tensor>, clipNorm: number): tf.Scalar =>
  tf.tidy(() => {
    const squares = [...gradients].map((gradient) => gradient.square().sum())
    return tf.minimum(1, tf.scalar(clipNorm).div(tf.addN(squares).sqrt().add(1e-6))) as tf.Scalar
  })

/** Takes one step with every gradient given, disposes of them, and replaces weights and moments by new tensors. */
export const optimise = (
  model: Model,
  state: OptimiserState,
  gradients: ReadonlyMap<string, tf.Tensor>,
  rate: number,
  settings: OptimiserSettings
): void => {
  const leaves = new Map(model.plan.list.map((leaf) => [leaf.name, leaf]))
  const factor = settings.clipNorm === null ? undefined : clipFactor(gradients.values(), settings.clipNorm)
  for (const [name, raw] of gradients) {
    const gradient = factor ? raw.mul(factor) : raw
    const weight = model.tensors.get(name)!
    const moments = state.get(name)
    const step = (moments?.step ?? 0) + 1
    const decay = decays(leaves.get(name)!) ? settings.weightDecay : 0
    if (settings.optimiser === "sgd") {
      const momentum = settings.sgdMomentum
      const [next, first] = sgdStep(weight, gradient, moments?.first, { rate, decay, momentum })
      model.tensors.set(name, next)
      state.set(name, { first, second: undefined, step })
      tf.dispose(moments?.first ?? [])
    } else {
      const first = moments?.first ?? tf.zerosLike(weight)
      const second = moments?.second ?? tf.zerosLike(weight)
      const kept = settings.optimiser === "adamw" ? 1 - rate * decay : 1
      const adam = { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step, decay: kept }
      const [next, m, v] = adamStep({ weight, gradient, first, second }, adam)
      model.tensors.set(name, next)
      state.set(name, { first: m, second: v, step })
      tf.dispose([first, second])
    }
    if (gradient !== raw) gradient.dispose()
    tf.dispose([weight, raw])
  }
  factor?.dispose()
}

export const disposeMoments = (state: OptimiserState): void => {
  for (const { first, second } of state.values()) tf.dispose(second ? [first, second] : [first])
  state.clear()
}
