/** Precision-recall curves of all arms, with the average precision of each in the key and the prevalence as the floor. */
import type { TopLevelSpec } from "vega-lite"
import type { ArmResult } from "../../statistics/comparison-types.ts"
import { fixed } from "../format.ts"
import { armColour, armDash, rule } from "../theme.ts"
import { corners, type Point, verticalMean } from "./curve.ts"
import { axes, key, layered, path } from "./layers.ts"

const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]

/** From recall 0 on: before the first positive is found, the first precision is all that is known. */
const curveOf = (points: ArmResult["seeds"][number]["metrics"]["precisionRecall"]): Array<Point> => {
  const line = points.map(({ precision, recall }) => ({ x: recall, y: precision }))
  return line[0] === undefined ? [] : [{ x: 0, y: line[0].y }, ...line]
}

/** A long curve at 400 recalls: a large test set has thousands of vertices, which no eye tells apart. */
const thin = (line: ReadonlyArray<Point>): Array<Point> => {
  const kept = corners(line)
  return kept.length > 400 ? verticalMean([kept], 400) : kept
}

/** `averages`: average precision of each arm, a mean over its seeds. `prevalence`: share of positives in the test set. */
export const precisionRecall = (
  arms: ReadonlyArray<ArmResult>,
  averages: ReadonlyArray<number | null>,
  prevalence: number
): TopLevelSpec => {
  const size = 350
  const lines = arms.map((arm) =>
    arm.seeds.map(({ metrics }) => curveOf(metrics.precisionRecall)).filter((line) => line.length > 0)
  )
  return layered(size, size, [
    axes(
      { title: "Recall (sensitivity)", domain: [0, 1], values: ticks, format: ".1f" },
      { title: "Precision", domain: [0, 1], values: ticks, format: ".1f" }
    ),
    path(
      [
        { x: 0, y: prevalence },
        { x: 1, y: prevalence }
      ],
      { colour: rule, width: 1, dash: [3, 3] }
    ),
    ...lines.flatMap((seeds, index) =>
      seeds.length < 2
        ? []
        : seeds.map((line) => path(thin(line), { colour: armColour(index), width: 0.75, opacity: 0.4 }))
    ),
    ...lines.flatMap((seeds, index) =>
      seeds.length === 0
        ? []
        : [
            path(seeds.length === 1 ? thin(seeds[0]!) : verticalMean(seeds), {
              colour: armColour(index),
              width: 2,
              dash: armDash(index)
            })
          ]
    ),
    ...key(
      arms.map((arm, index) => ({
        text: `${fixed(averages[index])}  ${arm.arm}`,
        colour: armColour(index),
        dash: armDash(index)
      })),
      { x: 14, y: size - 16, width: size - 20 }
    )
  ])
}
