/**
 * The images that a generator is judged by: real training images and synthetic ones, each as it is, at most so many of a
 * class and origin. As a plan of one view without transforms, so that `resize` brings both down its one path.
 */
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { compareText, type Row } from "../src/dataset/dataset.ts"
import { resizePlan } from "../src/image/plan.ts"
import { generator } from "../src/random/generator.ts"
import { AugmentationPlan, writePlan } from "./artifacts/augmentation-plan.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Split } from "./artifacts/split.ts"
import { rowsWithIds } from "./rows.ts"

/** Each row draws its own number, so that another image changes nothing but its own place. */
const sample = (rows: ReadonlyArray<Row>, most: number): ReadonlyArray<Row> =>
  rows
    .map((row) => ({ row, draw: generator("sample-images", row.digest).float() }))
    .sort((a, b) => a.draw - b.draw || compareText(a.row.id, b.row.id))
    .slice(0, most)
    .map(({ row }) => row)

export const sampleImages = Stage.make({
  name: "sample-images",
  module: import.meta.url,
  params: Schema.Struct({
    /** Images of a class and origin at most. */
    most: Schema.Int.check(Schema.isGreaterThan(0))
  }),
  inputs: { real: Stage.one(Dataset), synthetic: Stage.one(Dataset), split: Stage.one(Split) },
  output: AugmentationPlan,
  run: ({ params, inputs: { real, synthetic, split } }) => {
    const labels = [0, 1] as const
    const sets = [rowsWithIds(real.rows, split.train), synthetic.rows].flatMap((rows) =>
      labels.map((label) =>
        sample(
          rows.filter((row) => row.label === label),
          params.most
        )
      )
    )
    return writePlan(resizePlan(sets.flatMap((rows) => rows.map(({ digest }) => digest)).sort(compareText)))
  }
})
