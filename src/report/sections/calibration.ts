/** Whether a predicted probability means what it says: reliability diagrams of every arm. */
import type { ArmResult } from "../../statistics/comparison-types.ts"
import { reliability } from "../charts/reliability.ts"
import type { Figure } from "../figure.ts"
import { count, fixed, interval } from "../format.ts"
import { html } from "../html.ts"
import { figuresOnly, type Section } from "../section.ts"
import { armColour } from "../theme.ts"
import { meanOf } from "./arms.ts"

export const calibration = (arms: ReadonlyArray<ArmResult>): Section => {
  const single = arms.every((arm) => arm.seeds.length === 1)
  const plot: Figure = {
    columns: 3,
    panels: arms.map((arm, index) => {
      const ece = fixed(meanOf(arm, (metrics) => metrics.ece.equalMass))
      const brier = fixed(meanOf(arm, (metrics) => metrics.brier.value))
      return {
        name: `reliability-${index}`,
        title: html`${arm.arm} <span class="quiet">ECE ${ece}, Brier ${brier}</span>`,
        description: `Reliability diagram of ${arm.arm}: expected calibration error ${ece}, Brier score ${brier}.`,
        spec: reliability(
          arm.seeds.map(({ metrics }) => metrics.reliability),
          armColour(index)
        )
      }
    }),
    caption: html`<b>Reliability.</b> Share of positives against predicted probability, by bin; a dot’s area goes with its images${
      single ? ", bars are Wilson 95 % intervals" : "; small dots: one seed"
    }. Dashed: perfect calibration. The training set's balance shifts these curves; it moves no AUC.`,
    data: {
      caption: "Reliability by bin",
      columns: [
        { title: "Arm" },
        ...["Seed", "Bin", "Images", "Predicted", "Observed", "95 % interval"].map((title) => ({
          title,
          numeric: true
        }))
      ],
      rows: arms.flatMap((arm) =>
        arm.seeds.flatMap(({ seed, metrics }) =>
          metrics.reliability
            .filter((bin) => bin.count > 0)
            .map((bin) => [
              arm.arm,
              String(seed),
              `${fixed(bin.low, 2)} to ${fixed(bin.high, 2)}`,
              count(bin.count),
              fixed(bin.predicted),
              fixed(bin.observed.value),
              interval(bin.observed.low, bin.observed.high)
            ])
        )
      )
    }
  }
  return { id: "calibration", title: "Calibration", figures: [plot], body: figuresOnly }
}
