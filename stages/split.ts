/** Dataset → train, validation, test: stratified, whole groups only; a leak is refused with the rows. */
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { chosenSplit, SplitChoice, SplitOptions, splitDataset } from "../src/dataset/split.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Split } from "./artifacts/split.ts"

export const split = Stage.make({
  name: "split",
  module: import.meta.url,
  params: Schema.Struct({ ...SplitOptions.fields, by: SplitChoice }),
  inputs: { dataset: Stage.one(Dataset) },
  output: Split,
  run: ({ params, inputs: { dataset } }) => splitDataset(dataset, { ...params, by: chosenSplit(dataset, params.by) })
})
