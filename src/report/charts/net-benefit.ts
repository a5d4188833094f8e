/** Decision curves of all arms: net benefit against threshold probability (Vickers and Elkin, Med. Decis. Making 2006). */
import type { TopLevelSpec } from "vega-lite"
import type { ArmResult } from "../../statistics/comparison-types.ts"
import { armColour, armDash, muted } from "../theme.ts"
import type { Point } from "./curve.ts"
import { axes, axisMargins, key, label, layered, path } from "./layers.ts"

/** The mean over seeds of an arm's net benefit at each threshold; the seeds share their thresholds. */
export const meanBenefit = (arm: ArmResult): Array<Point> => {
  const curves = arm.seeds.map(({ metrics }) => metrics.netBenefit)
  return (curves[0] ?? []).map(({ threshold }, at) => ({
    x: threshold,
    y: curves.reduce((sum, curve) => sum + curve[at]!.model, 0) / curves.length
  }))
}

export const netBenefit = (arms: ReadonlyArray<ArmResult>): TopLevelSpec => {
  const [width, height] = [400, 210]
  const lines = arms.map(meanBenefit)
  const all = (arms[0]?.seeds[0]?.metrics.netBenefit ?? []).map((point) => ({ x: point.threshold, y: point.all }))
  const highest = Math.max(0.01, ...[...lines.flat(), ...all].map((point) => point.y))
  const lowest = Math.min(-0.08 * highest, ...lines.flat().map((point) => point.y))
  const domain = [lowest, highest * 1.06] as const
  const zero = height * (1 - (0 - domain[0]) / (domain[1] - domain[0]))
  const shown = all.filter((point) => point.y >= domain[0])
  const end = shown.at(-1)
  const last = all.at(-1)?.x ?? 0.5
  return layered(
    width,
    height,
    [
      axes(
        { title: "Threshold probability", domain: [0, last], ticks: 5, format: ".1f" },
        { title: "Net benefit", domain, ticks: 4, format: ".2f" }
      ),
      path(
        [
          { x: 0, y: 0 },
          { x: last, y: 0 }
        ],
        { colour: muted, width: 1 }
      ),
      label("none", width + 6, zero, { colour: muted }),
      path(shown, { colour: muted, width: 1, dash: [3, 2] }),
      ...(end === undefined
        ? []
        : [label("all", Math.min(width - 24, (end.x / last) * width + 6), height - 10, { colour: muted })]),
      ...lines.map((line, index) => path(line, { colour: armColour(index), width: 2, dash: armDash(index) })),
      ...key(
        arms.map((arm, index) => ({ text: arm.arm, colour: armColour(index), dash: armDash(index) })),
        { x: 0, y: -16, width }
      )
    ],
    // The key stands over the plot: nowhere inside is sure to be free of curves.
    { ...axisMargins, right: 40, top: 12 + arms.length * 17 }
  )
}
