/** How many layers a setting freezes, checked before anything runs. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { SettingError } from "../src/dag/pipeline.ts"
import { type NetworkPlan, networkPlan } from "../src/model/architecture/network.ts"
import { networkName } from "../src/model/architecture/variants.ts"
import { freezing } from "../src/model/training/freezing.ts"
import type { Settings } from "./settings.ts"

/** A number of blocks, or a name: see src/model/training/freezing.ts. */
export type FrozenLayers = Settings["model"]["frozenLayers"]

/** The network that the settings name, to count its blocks by. */
export const networkOf = ({ variant, family }: Settings["model"]): NetworkPlan =>
  networkPlan({ variant, family, head: "original" })

/** Layers frozen by the number of blocks, or by name. Throws where there is no such number or name. */
export const depthOf = (plan: NetworkPlan, frozenLayers: FrozenLayers): number =>
  Effect.runSync(freezing(plan, "statistics", frozenLayers)).depth

export const checkFrozenLayers = (setting: string, { model }: Settings, frozenLayers: FrozenLayers): void => {
  const plan = networkOf(model)
  if (Result.isSuccess(Effect.runSync(Effect.result(freezing(plan, "statistics", frozenLayers))))) return
  const { blocks } = plan.architecture
  const stages = new Map(blocks.map(({ stage }, index) => [stage + 1, index + 1]))
  const [last, before] = [stages.size, stages.size - 1]
  throw new SettingError({
    setting,
    fault: `${frozenLayers}, but ${networkName(model.variant)} has ${blocks.length} blocks`,
    mend: `choose 0 (nothing frozen) to ${blocks.length} (all but the head), or none, all, features, or stage1 to stage${last}; ${stages.get(before)} (stage${before}) leaves the last stage to train`
  })
}

/** Of gradual unfreezing too. */
export const checkFreezing = (settings: Settings): void => {
  checkFrozenLayers("model.frozenLayers", settings, settings.model.frozenLayers)
  for (const { frozenLayers } of settings.training.unfreeze) {
    checkFrozenLayers("training.unfreeze", settings, frozenLayers)
  }
}
