/** What `bench/training.ts` times of this project. */
import * as Effect from "effect/Effect"
import { layersOf, through } from "../../src/model/architecture/forward.ts"
import { inferenceMode } from "../../src/model/architecture/modes.ts"
import { type NetworkPlan, networkPlan } from "../../src/model/architecture/network.ts"
import { type BackendName, openBackend } from "../../src/model/backends/open.ts"
import { openSimd } from "../../src/model/backends/simd/open.ts"
import * as tf from "../../src/model/tf.ts"
import type { Policy } from "../../src/model/training/freezing.ts"
import { lossPerExample, plainLoss } from "../../src/model/training/loss.ts"
import { type OptimiserState, optimise, plainAdam } from "../../src/model/training/optimiser.ts"
import {
  createModel,
  inference,
  keeping,
  type Model,
  trainingStep,
  updateRunning,
  weightsOf
} from "../../src/model/training/step.ts"

export interface Sizes {
  readonly variant: string
  readonly batch: number
  readonly side: number
  /** Blocks. */
  readonly frozen: number
  readonly threads: number
}

export interface Contestant {
  /** Milliseconds of one step, or one batch's inference, of that kind. */
  readonly once: (kind: string) => Promise<number>
  /** Milliseconds of a whole fine-tuning under `adapt`: so many batches an epoch. */
  readonly fineTuning: (batches: number, epochs: number) => Promise<number>
}

/** Any weights will do, but not such that activations vanish: kernels are drawn by the backend's generator. */
const weightsFor = (plan: NetworkPlan): ReadonlyMap<string, Float32Array> =>
  new Map(
    plan.list.map(({ name, role, shape }, index) => {
      const [length, fanIn] = [tf.util.sizeFromShape([...shape]), tf.util.sizeFromShape([...shape.slice(0, -1)])]
      if (shape.length === 1)
        return [name, new Float32Array(length).fill(role === "scale" || role === "variance" ? 1 : 0)]
      const drawn = tf.randomNormal([length], 0, Math.sqrt(1 / fanIn), "float32", index + 1)
      const values = drawn.dataSync<"float32">().slice()
      drawn.dispose()
      return [name, values]
    })
  )

const step = (
  model: Model,
  state: OptimiserState,
  labels: tf.Tensor1D,
  freezing: { readonly policy: Policy; readonly depth: number },
  input: { readonly x: tf.Tensor4D; readonly done: number }
): void => {
  const lossOf = (logits: tf.Tensor1D) => lossPerExample(logits, labels, plainLoss).mean() as tf.Scalar
  const { logits, loss, gradients, observed } = trainingStep(model, freezing, input, lossOf, keeping)
  updateRunning(model, observed, 0.1)
  optimise(model, state, gradients, 1e-4, plainAdam)
  loss.dataSync()
  tf.dispose([logits, loss])
}

/** `step` is a step under `statistics`, `full` one with nothing frozen; a policy's name a step under that. */
export const ours = async (name: BackendName, sizes: Sizes): Promise<Contestant> => {
  const { batch, side, frozen, threads } = sizes
  const open = () => (name === "simd" ? openSimd({ threads }) : Effect.runPromise(openBackend(name)))
  await open()
  const plan = networkPlan({ variant: sizes.variant as "b3", family: "torchvision", head: "plain" })
  const model = createModel(plan, weightsFor(plan))
  const x = tf.randomNormal([batch, side, side, 3], 0, 1, "float32", 1) as tf.Tensor4D
  const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 2))
  const state: OptimiserState = new Map()
  const depth = frozen === 0 ? 0 : 1 + frozen
  const timed = async (work: () => void): Promise<number> => {
    await open()
    const start = performance.now()
    work()
    return performance.now() - start
  }
  return {
    once: (kind) =>
      timed(() => {
        if (kind === "forward") {
          const logits = inference(model, { x, done: 0 })
          logits.dataSync()
          logits.dispose()
        } else {
          const policy = (kind === "step" || kind === "full" ? "statistics" : kind) as Policy
          step(model, state, labels, { policy, depth: kind === "full" ? 0 : depth }, { x, done: 0 })
        }
      }),
    // As stages/features and fine-tune do: the frozen trunk once for every image, the rest from its features.
    fineTuning: (batches, epochs) =>
      timed(() => {
        const mode = inferenceMode(plan.properties.epsilon)
        const weights = weightsOf(model)
        const trunk = layersOf(plan)
          .slice(0, depth)
          .map((layer) => (x: tf.Tensor4D) => layer(mode, weights, x))
        const features = Array.from({ length: batches }, () => {
          const output = tf.tidy(() => through(trunk, x))
          const kept = { values: output.dataSync<"float32">().slice(), shape: output.shape }
          output.dispose()
          return kept
        })
        for (let epoch = 0; epoch < epochs; epoch++) {
          for (const { values, shape } of features) {
            const input = tf.tensor4d(values, shape)
            step(model, state, labels, { policy: "adapt", depth }, { x: input, done: depth })
            input.dispose()
          }
        }
      })
  }
}
