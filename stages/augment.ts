/** Training rows → for every image and view the sampled parameters of every transform. No pixel is touched here. */
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { augmentationPlan } from "../src/image/plan.ts"
import { AugmentationPlan, writePlan } from "./artifacts/augmentation-plan.ts"
import { Balance } from "./artifacts/balance.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { TransformList } from "./transform-list.ts"

export const augment = Stage.make({
  name: "augment",
  module: import.meta.url,
  params: Schema.Struct({
    transforms: TransformList,
    seed: Schema.Int,
    views: Schema.Int.check(Schema.isGreaterThan(0))
  }),
  inputs: { balance: Stage.one(Balance), real: Stage.one(Dataset), synthetic: Stage.optional(Dataset) },
  output: AugmentationPlan,
  run: ({ params: { transforms, seed, views }, inputs: { balance, real, synthetic } }) => {
    const sizes = new Map([...real.rows, ...(synthetic?.rows ?? [])].map((row) => [row.digest, row]))
    const rows = balance.rows.flatMap(({ digest }) => sizes.get(digest) ?? [])
    return writePlan(augmentationPlan(transforms, seed, views, rows))
  }
})
