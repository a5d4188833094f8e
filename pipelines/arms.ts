/** The arms of a comparison as data: what each trains on. */
import type { Settings } from "./settings.ts"

export interface Arm {
  readonly arm: string
  readonly description: string
  readonly strategy: Settings["balance"]["strategy"] | "oversample-to"
  readonly syntheticRatio: Settings["compare"]["ratio"]
}

export const reference = "real"

const amount = (ratio: Settings["compare"]["ratio"]): string =>
  ratio === "all" ? "all synthetic images" : `${ratio} synthetic images for each real one of their class`

/** Without synthetic images the control stands alone against the reference: there is always something to compare. */
export const armsOf = ({ balance, compare }: Settings, synthetic: boolean): ReadonlyArray<Arm> => {
  const { strategy } = balance
  const real: Arm = { arm: reference, description: "real images only", strategy, syntheticRatio: 0 }
  const control: Arm = {
    arm: "real-oversampled",
    description: synthetic
      ? "real images, melanomas drawn so often that the classes stand as with the synthetic ones"
      : "real images, both classes drawn equally often",
    strategy: synthetic ? "oversample-to" : "class-balanced",
    syntheticRatio: synthetic ? compare.ratio : 0
  }
  const joined: Arm = {
    arm: "real+synthetic",
    description: `real images and ${amount(compare.ratio)}`,
    strategy,
    syntheticRatio: compare.ratio
  }
  return [real, ...(compare.control || !synthetic ? [control] : []), ...(synthetic ? [joined] : [])]
}
