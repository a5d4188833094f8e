/** The reference arm trained again on its images as they are: what augmentation is worth is seen beside it. */
import type { Node } from "../src/dag/stage.ts"
import type { Balance } from "../stages/artifacts/balance.ts"
import { augment } from "../stages/augment.ts"
import { runName } from "../stages/compare-with-gan.ts"
import { resize } from "../stages/resize.ts"
import { seedsOf, type TrainingGround, trainedNode } from "./training-runs.ts"

export const unaugmentedNodes = (ground: TrainingGround, reference: string, rows: Node<typeof Balance>) => {
  const { settings, data } = ground
  const { real, split } = data
  const label = `${reference}-unaugmented`
  const plan = augment.node({
    label,
    params: { transforms: [], seed: settings.augment.seed, views: 1 },
    inputs: { balance: rows, real, synthetic: undefined }
  })
  const pack = resize.node({
    label,
    params: settings.resize,
    inputs: { plan, split, real, synthetic: undefined, files: data.files(false) }
  })
  const trained = seedsOf(settings).map(
    (seed) => [seed, trainedNode(ground, { arm: label, name: runName(label, seed), seed, rows, pack })] as const
  )
  return {
    bySeed: Object.fromEntries(trained.map(([seed, node]) => [String(seed), node])),
    all: [plan, pack, ...trained.map(([, node]) => node)]
  }
}
