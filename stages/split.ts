/** Dataset → train, validation, test: stratified, whole groups only; a leak is refused with the rows. */
import * as Stage from "../src/dag/stage.ts"
import { chosenSplit, SplitChoice } from "../src/dataset/choose-split.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Split } from "./artifacts/split.ts"

export const split = Stage.make({
  name: "split",
  module: import.meta.url,
  params: SplitChoice,
  inputs: {
    dataset: Stage.one(Dataset),
    /** Where the split is drawn around what its generator saw. */
    synthetic: Stage.optional(Dataset)
  },
  output: Split,
  run: ({ params, inputs: { dataset, synthetic } }) => chosenSplit(dataset, params, synthetic ?? null)
})
