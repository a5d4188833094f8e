/** How well the arms tell the classes apart: ROC and precision-recall curves, sensitivities at fixed specificities. */
import { precisionRecall } from "../charts/precision-recall.ts"
import { roc } from "../charts/roc.ts"
import type { Figure } from "../figure.ts"
import { fixed, percent } from "../format.ts"
import { html } from "../html.ts"
import type { ReportInput } from "../input.ts"
import { type BandPoint, rocBand } from "../roc-band.ts"
import { figuresOnly, type Section } from "../section.ts"
import { meanOf } from "./arms.ts"

const bandsOf = ({ comparison, predictions = [] }: ReportInput): ReadonlyArray<ReadonlyArray<BandPoint> | null> =>
  comparison.arms.map(({ arm }) => {
    const runs = predictions.filter((run) => run.arm === arm)
    return runs.length === 0
      ? null
      : rocBand(
          runs.map((run) => run.predictions),
          []
        )
  })

const howDrawn = (many: boolean, banded: boolean): string => {
  const lines = many ? "Lines: mean over seeds at each specificity or recall" : "Lines: one training run"
  const faint = many ? `; faint${banded ? ", for precision" : ""}: one seed` : ""
  const band = banded
    ? `; shaded, for ROC: pointwise 95 % bands, bootstrap over patients${many ? " and seeds" : ""}`
    : ""
  return `${lines}${faint}${band}. In the keys: area under the curve${many ? ", mean over seeds" : ""}.`
}

export const discrimination = (input: ReportInput): Section => {
  const { arms } = input.comparison
  const first = arms[0]?.seeds[0]?.metrics
  const levels = first?.sensitivityAtSpecificity.map((point) => point.specificity) ?? []
  const prevalence = first === undefined || first.n === 0 ? 0 : first.positives / first.n
  const many = arms.some((arm) => arm.seeds.length > 1)
  const averages = arms.map((arm) => meanOf(arm, (metrics) => metrics.averagePrecision))
  const bands = bandsOf(input)
  const banded = bands.some((band) => band !== null)
  const plot: Figure = {
    columns: 2,
    panels: [
      {
        name: "roc",
        title: "ROC, with AUC",
        description: `ROC curves. AUC: ${arms.map((arm) => `${arm.arm} ${fixed(arm.auc?.mean)}`).join(", ")}.`,
        spec: roc(arms, bands)
      },
      {
        name: "precision-recall",
        title: "Precision and recall, with average precision",
        description: `Precision-recall curves. Average precision: ${arms
          .map((arm, index) => `${arm.arm} ${fixed(averages[index])}`)
          .join(", ")}.`,
        spec: precisionRecall(arms, averages, prevalence)
      }
    ],
    caption: html`<b>ROC and precision-recall curves on the test images.</b> ${howDrawn(many, banded)} Dashed: chance, which for precision is the share of positives here, ${percent(prevalence)}.`,
    data: {
      caption: "Sensitivity at fixed specificity, means over seeds",
      columns: [
        { title: "Arm" },
        { title: "AUC", numeric: true },
        { title: "Average precision", numeric: true },
        ...levels.map((level) => ({ title: `Sens. at ${fixed(level, 2)}`, numeric: true }))
      ],
      rows: arms.map((arm, index) => [
        arm.arm,
        fixed(arm.auc?.mean),
        fixed(averages[index]),
        ...levels.map((_, at) => fixed(meanOf(arm, (metrics) => metrics.sensitivityAtSpecificity[at]?.sensitivity)))
      ])
    }
  }
  return { id: "roc", title: "Discrimination", figures: [plot], body: figuresOnly }
}
