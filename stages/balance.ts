/** Train rows → the training rows of one arm with their weights; synthetic images join here and nowhere else. */
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { BalanceOptions, balance as balanceRows } from "../src/dataset/balance.ts"
import { countLabels, type Dataset as DatasetValue } from "../src/dataset/dataset.ts"
import { Balance } from "./artifacts/balance.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Split } from "./artifacts/split.ts"

/** The ratio that takes every image there is. */
const everyImage = (train: ReadonlySet<string>, real: DatasetValue, synthetic: DatasetValue) => {
  const natural = countLabels(real.rows.filter(({ id }) => train.has(id)))
  const available = countLabels(synthetic.rows)
  const ratio = (added: number, own: number) => (own === 0 ? 0 : added / own)
  return {
    benign: ratio(available.benign, natural.benign),
    melanoma: ratio(available.melanoma, natural.melanoma)
  }
}

export const balance = Stage.make({
  name: "balance",
  module: import.meta.url,
  params: Schema.Struct({
    ...BalanceOptions.fields,
    /** "all": every image of the synthetic set. */
    syntheticRatio: Schema.Union([Schema.Literal("all"), BalanceOptions.fields.syntheticRatio])
  }),
  inputs: { split: Stage.one(Split), real: Stage.one(Dataset), synthetic: Stage.optional(Dataset) },
  output: Balance,
  run: ({ params, inputs: { split, real, synthetic } }) => {
    const syntheticRatio =
      params.syntheticRatio !== "all"
        ? params.syntheticRatio
        : synthetic === undefined
          ? 0
          : everyImage(new Set(split.train), real, synthetic)
    return balanceRows(split, real, synthetic ?? null, { ...params, syntheticRatio })
  }
})
