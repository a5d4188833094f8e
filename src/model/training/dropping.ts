/** Dropout and stochastic depth, from the counter-based generator: the same at a step whatever came before it. */
import { generator } from "../../random/generator.ts"
import type { NetworkPlan } from "../architecture/network.ts"
import { publishedStochasticDepth } from "../architecture/variants.ts"
import * as tf from "../tf.ts"
import type { Dropping } from "./step.ts"

export interface DropRates {
  /** Of pooled features. */
  readonly dropout: number
  /** Of the last block's branch; block i of n has i / n of it. Null: what the network was published with. */
  readonly stochasticDepth: number | null
}

/** 0 or 1 / (1 - rate), so that the expectation stays. */
const mask = (key: ReadonlyArray<string | number>, length: number, rate: number): Float32Array => {
  const random = generator(...key)
  return Float32Array.from({ length }, () => (random.float() < rate ? 0 : 1 / (1 - rate)))
}

/** `place` is the step, and the part of its batch. */
export const dropping = (
  plan: NetworkPlan,
  rates: DropRates,
  seed: number,
  ...place: readonly [step: number, part: number]
): Dropping => ({
  depth: (branch, index) => {
    const last = rates.stochasticDepth ?? publishedStochasticDepth(plan.settings.variant)
    const rate = (last * index) / plan.architecture.blocks.length
    if (rate === 0) return branch
    const images = branch.shape[0]
    return branch.mul(tf.tensor4d(mask(["stochastic depth", seed, ...place, index], images, rate), [images, 1, 1, 1]))
  },
  dropout: (features) => {
    if (rates.dropout === 0) return features
    return features.mul(tf.tensor4d(mask(["dropout", seed, ...place], features.size, rates.dropout), features.shape))
  }
})
