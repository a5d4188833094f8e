/** Train rows → the training rows of one arm with their weights; synthetic images join here and nowhere else. */
import * as Stage from "../src/dag/stage.ts"
import { BalanceOptions, balance as balanceRows } from "../src/dataset/balance.ts"
import { Balance } from "./artifacts/balance.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Split } from "./artifacts/split.ts"

export const balance = Stage.make({
  name: "balance",
  module: import.meta.url,
  params: BalanceOptions,
  inputs: { split: Stage.one(Split), real: Stage.one(Dataset), synthetic: Stage.optional(Dataset) },
  output: Balance,
  run: ({ params, inputs }) => balanceRows(inputs.split, inputs.real, inputs.synthetic ?? null, params)
})
