/** Dataset → train, validation, test: stratified, whole groups only; a leak is refused with the rows. */
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { SplitOptions, splitDataset } from "../src/dataset/split.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Split } from "./artifacts/split.ts"

export const split = Stage.make({
  name: "split",
  module: import.meta.url,
  params: Schema.Struct({
    ...SplitOptions.fields,
    /** `declared`: the data's own split where every image has one, else drawn by group. */
    by: Schema.Literals(["declared", "group", "column"])
  }),
  inputs: { dataset: Stage.one(Dataset) },
  output: Split,
  run: ({ params, inputs: { dataset } }) => {
    const declared = dataset.rows.every((row) => row.split !== undefined)
    const by = params.by === "declared" ? (declared ? "column" : "group") : params.by
    return splitDataset(dataset, { ...params, by })
  }
})
