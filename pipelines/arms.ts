/** The arms of a comparison as data: what each trains on. */
import { SettingError } from "../src/dag/pipeline.ts"
import type { Settings } from "./settings.ts"

type Ratio = Settings["compare"]["ratios"][number]

export interface Arm {
  readonly arm: string
  readonly description: string
  readonly strategy: Settings["balance"]["strategy"] | "oversample-to"
  readonly syntheticRatio: Ratio
  /** Synthetic images stand in for the real ones of their class. */
  readonly replaceReal: boolean
}

export const reference = "real"

/** An arm keeps its name, and so its trained models, whatever other ratios stand beside it. No dots: names are paths. */
const suffix = (ratio: Ratio): string =>
  ratio === "all" ? "" : `-${Number((100 * ratio).toPrecision(6))}%`.replace(".", ",")

const amount = (ratio: Ratio): string =>
  ratio === "all" ? "all synthetic images" : `${ratio} synthetic images for each real one of their class`

const checkRatios = (ratios: ReadonlyArray<Ratio>): void => {
  const fault = (what: string) =>
    new SettingError({
      setting: "compare.ratios",
      fault: what,
      mend: "give each ratio once, such as --set 'compare.ratios=[\"all\",0.5]'"
    })
  if (ratios.length === 0) throw fault("the list is empty: there would be no arm with synthetic images")
  if (ratios.includes(0)) throw fault("0 synthetic images: that is the reference, which is always there")
  const twice = ratios.find((ratio, at) => ratios.indexOf(ratio) !== at)
  if (twice !== undefined) throw fault(`${twice} stands twice`)
}

/** The reference arm, as every pipeline has it. */
export const realArm = ({ balance: { strategy } }: Pick<Settings, "balance">): Arm => ({
  arm: reference,
  description: "real images only",
  strategy,
  syntheticRatio: 0,
  replaceReal: false
})

/**
 * The reference; for every ratio the control with as many drawn melanomas (where asked for) and real + synthetic;
 * synthetic only. Without synthetic images the control stands alone: there is always something to compare.
 */
export const armsOf = (settings: Settings, synthetic: boolean): ReadonlyArray<Arm> => {
  const { compare } = settings
  const real = realArm(settings)
  if (!synthetic) {
    const description = "real images, both classes drawn equally often"
    return [real, { ...real, arm: "real-oversampled", description, strategy: "class-balanced" }]
  }
  checkRatios(compare.ratios)
  const controls = compare.ratios.map(
    (ratio): Arm => ({
      ...real,
      arm: `real-oversampled${suffix(ratio)}`,
      description: `real images, melanomas drawn so often that the classes stand as with ${amount(ratio)}`,
      strategy: "oversample-to",
      syntheticRatio: ratio
    })
  )
  const joined = compare.ratios.map(
    (ratio): Arm => ({
      ...real,
      arm: `real+synthetic${suffix(ratio)}`,
      description: `real images and ${amount(ratio)}`,
      syntheticRatio: ratio
    })
  )
  const alone: Arm = {
    ...real,
    arm: "synthetic-only",
    description: "all synthetic images in the place of the real ones of their class; tested on real ones like the rest",
    syntheticRatio: "all",
    replaceReal: true
  }
  return [real, ...(compare.control ? controls : []), ...joined, ...(compare.syntheticOnly ? [alone] : [])]
}
