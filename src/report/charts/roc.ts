/** ROC curves of all arms, with the AUC of each in the key, and where there are any, their confidence bands. */
import type { TopLevelSpec } from "vega-lite"
import type { ArmResult } from "../../statistics/comparison-types.ts"
import type { RocPoint } from "../../statistics/types.ts"
import { fixed } from "../format.ts"
import type { BandPoint } from "../roc-band.ts"
import { armColour, armDash, rule } from "../theme.ts"
import { corners, type Point, verticalMean } from "./curve.ts"
import { area, axes, key, layered, path } from "./layers.ts"

const toPoints = (points: ReadonlyArray<RocPoint>): Array<Point> => points.map(({ fpr, tpr }) => ({ x: fpr, y: tpr }))

const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
const origin = { x: 0, y: 0 }

/** One seed: its curve. Several: each a faint line, and their vertical mean over them. `bands`: one an arm, or none. */
export const roc = (
  arms: ReadonlyArray<ArmResult>,
  bands: ReadonlyArray<ReadonlyArray<BandPoint> | null> = []
): TopLevelSpec => {
  const size = 350
  const lines = arms.map((arm) => arm.seeds.map(({ metrics }) => corners(toPoints(metrics.roc))))
  return layered(size, size, [
    axes(
      { title: "1 − specificity", domain: [0, 1], values: ticks, format: ".1f" },
      { title: "Sensitivity", domain: [0, 1], values: ticks, format: ".1f" }
    ),
    path([origin, { x: 1, y: 1 }], { colour: rule, width: 1, dash: [3, 3] }),
    ...bands.flatMap((band, index) => (band === null ? [] : [area(band, armColour(index))])),
    ...lines.flatMap((seeds, index) =>
      seeds.length < 2 || bands[index]
        ? []
        : seeds.map((line) => path(line, { colour: armColour(index), width: 0.75, opacity: 0.4 }))
    ),
    ...lines.map((seeds, index) =>
      path(seeds.length === 1 ? seeds[0]! : [origin, ...verticalMean(seeds)], {
        colour: armColour(index),
        width: 2,
        dash: armDash(index)
      })
    ),
    ...key(
      arms.map((arm, index) => ({
        text: `${fixed(arm.auc?.mean)}  ${arm.arm}`,
        colour: armColour(index),
        dash: armDash(index)
      })),
      { x: 130, y: size - 16, width: size - 134 }
    )
  ])
}
