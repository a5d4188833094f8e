/** What all pipelines of training have in common: the images, one arm's rows and views, a training run with its evaluation. */
import type { AnyNode, Node } from "../src/dag/stage.ts"
import { publishedStochasticDepth } from "../src/model/architecture/variants.ts"
import type { BackendName } from "../src/model/backends/names.ts"
import type { Audit } from "../stages/artifacts/audit.ts"
import type { Balance } from "../stages/artifacts/balance.ts"
import type { Pack } from "../stages/artifacts/pack.ts"
import type { Weights } from "../stages/artifacts/weights.ts"
import { audit } from "../stages/audit.ts"
import { augment } from "../stages/augment.ts"
import { balance } from "../stages/balance.ts"
import { evaluate } from "../stages/evaluate.ts"
import { fineTune } from "../stages/fine-tune.ts"
import { resize } from "../stages/resize.ts"
import type { Arm } from "./arms.ts"
import { resolveBackend } from "./backend.ts"
import { type Data, dataNodes } from "./data.ts"
import type { Settings } from "./settings.ts"
import type { Run } from "./shown.ts"
import { transformsOf } from "./transforms.ts"
import { type Trunk, trunk } from "./trunk.ts"
import { weightsNodes } from "./weights.ts"

/** Numbers of the training runs. */
export const seedsOf = ({ training }: Settings): ReadonlyArray<number> =>
  Array.from({ length: training.seeds }, (_, index) => index + 1)

/** What every run of a pipeline shares. */
export interface Ground {
  readonly settings: Settings
  readonly backend: BackendName
  readonly data: Data
  readonly audited: Node<typeof Audit> | undefined
  /** Validation and test images, without augmentation. */
  readonly evaluation: Node<typeof Pack>
  readonly weights: Node<typeof Weights> | undefined
  readonly nodes: ReadonlyArray<AnyNode>
}

export const groundOf = (settings: Settings): Ground => {
  const data = dataNodes(settings)
  const { real, synthetic, split } = data
  const audited =
    synthetic === undefined
      ? undefined
      : audit.node({ params: { allow: settings.balance.allow }, inputs: { real, synthetic, split } })
  const evaluation = resize.node({
    label: "evaluation",
    params: settings.resize,
    inputs: { plan: undefined, split, real, synthetic: undefined, files: data.files(false) }
  })
  const { weights, nodes: weightNodes } = weightsNodes(settings.model)
  return {
    settings,
    backend: resolveBackend(settings.model.backend),
    data,
    audited,
    evaluation,
    weights,
    nodes: [...data.nodes, ...(audited === undefined ? [] : [audited]), evaluation, ...weightNodes]
  }
}

/** An arm's rows, their augmentation and their pack of views. */
export const armNodes = ({ settings, data }: Ground, arm: Arm) => {
  const { real, split } = data
  const synthetic = arm.syntheticRatio === 0 ? undefined : data.synthetic
  const rows = balance.node({
    label: arm.arm,
    params: {
      strategy: arm.strategy,
      syntheticRatio: arm.syntheticRatio,
      replaceReal: arm.replaceReal,
      allow: settings.balance.allow
    },
    inputs: { split, real, synthetic }
  })
  // The control looks at the synthetic set only to learn how many images it would have.
  const joins = arm.strategy === "oversample-to" ? undefined : synthetic
  const plan = augment.node({
    label: arm.arm,
    params: { transforms: transformsOf(settings), seed: settings.augment.seed, views: settings.augment.views },
    inputs: { balance: rows, real, synthetic: joins }
  })
  const pack = resize.node({
    label: arm.arm,
    params: settings.resize,
    inputs: { plan, split, real, synthetic: joins, files: data.files(joins !== undefined) }
  })
  return { rows, plan, pack }
}

/** With the frozen trunk of its networks. */
export interface TrainingGround extends Ground {
  readonly trunk: Trunk
}

/** `reference`: the pack of the arm that has real images only. */
export const withTrunk = (ground: Ground, reference: Node<typeof Pack>): TrainingGround => ({
  ...ground,
  trunk: trunk(ground, reference)
})

/** One training of a network on an arm's images. */
export const trainedNode = (
  { settings, backend, data, audited, trunk, weights }: TrainingGround,
  run: {
    readonly arm: string
    readonly name: string
    readonly seed: number
    readonly rows: Node<typeof Balance>
    readonly pack: Node<typeof Pack>
    readonly frozenLayers?: number
  }
) => {
  const { model, training } = settings
  const { seeds: _, ...loop } = training
  return fineTune.node({
    label: run.name,
    params: {
      ...loop,
      variant: model.variant,
      family: model.family,
      frozenLayers: run.frozenLayers ?? model.frozenLayers,
      policy: model.batchNorm,
      head: model.head,
      momentum: model.momentum,
      dropout: model.dropout,
      stochasticDepth: model.stochasticDepth ?? publishedStochasticDepth(model.variant),
      seed: run.seed,
      backend
    },
    inputs: {
      audit: audited,
      balance: run.rows,
      ...trunk.trainedOn(run),
      split: data.split,
      real: data.real,
      weights
    }
  })
}

/** One training with its evaluation on the common test images. */
export const runNodes = (ground: TrainingGround, run: Parameters<typeof trainedNode>[1]): Run => {
  const { data, backend, trunk, settings } = ground
  const { testTime } = settings.evaluate
  const trained = trainedNode(ground, run)
  const evaluated = evaluate.node({
    label: run.name,
    params: { backend, testTime },
    inputs: { model: trained, ...trunk.evaluatedOn(run), split: data.split, real: data.real }
  })
  return { arm: run.arm, seed: run.seed, name: run.name, trained, evaluated }
}
