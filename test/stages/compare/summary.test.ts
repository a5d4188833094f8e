import { assert, it } from "@effect/vitest"
import { frozenLayersRow } from "../../../stages/compare/summary.ts"

const metrics = (loss: number, accuracy: number) => ({ loss, accuracy, auc: null })
const model = (bestEpoch: number, ...losses: ReadonlyArray<number>) => ({
  weights: new Uint8Array(),
  stoppedEarly: false,
  bestEpoch,
  history: losses.map((loss, at) => ({
    epoch: at + 1,
    learningRate: 1e-3,
    train: metrics(loss, 1 - loss),
    validation: metrics(2 * loss, 0.5)
  }))
})

it("has of every run the epoch that was kept, and their mean", () => {
  const row = frozenLayersRow(18, [model(2, 0.5, 0.25, 0.125), model(1, 0.75, 0.1)])
  assert.deepStrictEqual(row, {
    frozenLayers: 18,
    trainLoss: 0.5,
    trainAccuracy: 0.5,
    validationLoss: 1,
    validationAccuracy: 0.5
  })
})
