/** What is frozen, and what batch norm does there. */
import * as Effect from "effect/Effect"
import type { NetworkPlan } from "../architecture/network.ts"
import { isStatistic, type Leaf } from "../architecture/tree.ts"
import { networkName } from "../architecture/variants.ts"
import { ModelSettingError } from "../errors.ts"

/**
 * Batch norm in the frozen part. `affine`: batch statistics, running ones follow, scale and shift train.
 * `statistics`: the same, and nothing trains. `adapt`: fixed statistics, estimated beforehand on the new images
 * (`calibrate`). `inference`: fixed statistics as they came with the weights. Under the last two the frozen part is a
 * pure function of an image, so nothing is dropped in it either.
 */
export const policies = ["affine", "statistics", "adapt", "inference"] as const
export type Policy = (typeof policies)[number]

export interface Freezing {
  readonly policy: Policy
  /** How many of the network's first layers (stem, blocks, last convolution) are frozen. */
  readonly depth: number
}

const blocksUpTo = (plan: NetworkPlan, stage: number): number =>
  plan.architecture.blocks.filter((block) => block.stage < stage).length

/**
 * `frozenLayers` blocks frozen, and with the first of them the stem: 0 or "none" freezes nothing, "all" every block,
 * which leaves the last convolution and the classifier to train, "features" that convolution too, "stageN" the blocks
 * of the first N stages. (The original froze the last convolution with any number of blocks; torchvision's users do
 * not, and neither do we.)
 */
export const freezing = (
  plan: NetworkPlan,
  policy: Policy,
  frozenLayers: number | string
): Effect.Effect<Freezing, ModelSettingError> => {
  const blocks = plan.architecture.blocks.length
  const stages = plan.architecture.blocks.at(-1)!.stage + 1
  const frozen = (count: number) => Effect.succeed({ policy, depth: count > 0 ? 1 + count : 0 })
  if (frozenLayers === "none") return frozen(0)
  if (frozenLayers === "all") return frozen(blocks)
  if (frozenLayers === "features") return frozen(blocks + 1)
  const stage = /^stage([1-9])$/.exec(String(frozenLayers))
  if (stage && Number(stage[1]) <= stages) return frozen(blocksUpTo(plan, Number(stage[1])))
  const count = Number(frozenLayers === "" ? Number.NaN : frozenLayers)
  if (Number.isInteger(count) && count >= 0 && count <= blocks) return frozen(count)
  const choices = `an integer from 0 (nothing frozen) to ${blocks} (all but the head), or none, all, features, stage1 to stage${stages}`
  const message = `frozenLayers ${frozenLayers} of ${blocks}: ${networkName(plan.settings.variant)} has ${blocks} blocks. Choose ${choices}.`
  return Effect.fail(new ModelSettingError({ setting: "frozenLayers", message }))
}

/** Whether the frozen part computes with fixed statistics. */
export const isFixed = ({ policy }: Freezing): boolean => policy === "adapt" || policy === "inference"

const isTrainable = ({ policy, depth }: Freezing, { role, layer }: Leaf): boolean =>
  !isStatistic(role) && (layer >= depth || (policy === "affine" && (role === "scale" || role === "shift")))

/** The leaves that an optimiser changes, in the order of the network. */
export const trainableLeaves = ({ list }: NetworkPlan, freezing: Freezing): ReadonlyArray<Leaf> =>
  list.filter((leaf) => isTrainable(freezing, leaf))

/** The leaves that training changes: what the optimiser trains, and the running statistics that follow the batches. */
export const movingLeaves = ({ list }: NetworkPlan, freezing: Freezing): ReadonlyArray<Leaf> =>
  list.filter((leaf) => {
    const follows = isStatistic(leaf.role) && (leaf.layer >= freezing.depth || !isFixed(freezing))
    return follows || isTrainable(freezing, leaf)
  })
