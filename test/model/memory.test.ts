/** What a step's memory is planned by is what it takes. */
import { assert, describe, it } from "@effect/vitest"
import { type NetworkPlan, networkPlan } from "../../src/model/architecture/network.ts"
import { isResNet } from "../../src/model/architecture/resnet.ts"
import type { Variant } from "../../src/model/architecture/variants.ts"
import * as tf from "../../src/model/tf.ts"
import { tapeBytes } from "../../src/model/training/memory.ts"
import { createModel, keeping, trainingStep } from "../../src/model/training/step.ts"
import { initialise } from "../../src/model/weights/initialise.ts"
import { open } from "./finite-differences.ts"

interface Engine {
  trackTensor: (tensor: tf.Tensor, backend: unknown) => void
  readonly state: { readonly tensorInfo: { readonly has: (data: object) => boolean } }
}

/** Bytes that `work` has made and not freed when it calls back: each buffer once, however many tensors share it. */
const bytesMade = (work: (measure: () => void) => void): number => {
  const engine = tf.engine() as unknown as Engine
  const { trackTensor } = engine
  const made = new Map<object, number>()
  let bytes = 0
  engine.trackTensor = function (tensor, backend) {
    if (!engine.state.tensorInfo.has(tensor.dataId)) made.set(tensor.dataId, 4 * tensor.size)
    trackTensor.call(this, tensor, backend)
  }
  try {
    work(() => {
      for (const [data, size] of made) if (engine.state.tensorInfo.has(data)) bytes += size
    })
  } finally {
    engine.trackTensor = trackTensor
  }
  return bytes
}

/** Pixels of the image for one of what the first `layers` give. */
const strideOf = ({ architecture: { blocks, headConvolution } }: NetworkPlan, layers: number): number =>
  blocks.slice(0, layers - 1).reduce((product, { stride }) => product * stride, headConvolution ? 2 : 4)

const cases: ReadonlyArray<readonly [Variant, side: number, start: number]> = [
  ["micro", 64, 0],
  ["micro", 64, 3],
  ["nano", 64, 0],
  ["b0", 64, 0],
  ["resnet-micro", 64, 0],
  ["resnet-micro", 64, 3]
]

describe.each(["simd", "wasm"] as const)("on %s", (backend) => {
  it.each(cases)(
    "%s at %i pixels, %i layers frozen: the tape takes what it is planned to, within 15 percent",
    async (variant, side, depth) => {
      await open(backend)
      const plan = networkPlan({ variant, family: "torchvision", head: "original" })
      const model = createModel(plan, initialise(plan, 1))
      const x = tf.randomNormal([4, side, side, 3], 0, 1, "float32", 1) as tf.Tensor4D
      // As stochastic depth does, with which these networks are trained.
      const dropped = { ...keeping, depth: (branch: tf.Tensor4D) => branch.mul<tf.Tensor4D>(1) }
      const drop = isResNet(variant) ? keeping : dropped
      const measured = bytesMade((measure) => {
        const lossOf = (logits: tf.Tensor1D) => {
          measure()
          return logits.square().mean() as tf.Scalar
        }
        const freezing = { policy: "statistics", depth } as const
        const { logits, loss, gradients, observed } = trainingStep(
          model,
          freezing,
          { x, done: 0 },
          lossOf,
          drop,
          2 ** 40
        )
        for (const { mean, variance } of observed) tf.dispose([mean, variance])
        tf.dispose([logits, loss, ...gradients.values()])
      })
      const trunk = depth === 0 ? side : Math.ceil(side / strideOf(plan, depth))
      const estimate = tapeBytes(plan, depth, [4, trunk]).reduce((sum, bytes) => sum + bytes, 0)
      tf.dispose([x, ...model.tensors.values()])
      assert.isAtLeast(estimate, 0.85 * measured)
      assert.isAtMost(estimate, 1.15 * measured)
    }
  )
})
