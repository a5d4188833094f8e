/** The arms at their thresholds: confusion matrices and the rates that follow from them. */
import type { ArmResult } from "../../statistics/comparison-types.ts"
import type { Proportion } from "../../statistics/types.ts"
import { meanBenefit, netBenefit } from "../charts/net-benefit.ts"
import type { Figure } from "../figure.ts"
import { fixed, interval, percent, plural } from "../format.ts"
import { type Html, html } from "../html.ts"
import type { ReportInput } from "../input.ts"
import type { Section } from "../section.ts"
import { folded } from "../table.ts"
import { armColour } from "../theme.ts"
import { meanOf } from "./arms.ts"

const rate = (proportion: Proportion | null): string =>
  proportion === null ? "–" : `${fixed(proportion.value)} ${interval(proportion.low, proportion.high)}`

/** A cell's shade: its share of the row, so that both rows read alike whatever the prevalence. */
const cell = (value: number | null, row: number | null, right: boolean, digits: number): Html => {
  const share = value === null || row === null || row === 0 ? 0 : value / row
  return html`<td class="${right ? "right" : "wrong"}" style="--share:${share.toFixed(3)}"><b>${fixed(value, digits)}</b><span>${percent(row === 0 ? null : share, 0)}</span></td>`
}

const matrix = (arm: ArmResult, index: number, classes: ReportInput["classes"]): Html => {
  const digits = arm.seeds.length > 1 ? 1 : 0
  const [tp, fn, fp, tn] = [
    meanOf(arm, ({ confusion }) => confusion.tp),
    meanOf(arm, ({ confusion }) => confusion.fn),
    meanOf(arm, ({ confusion }) => confusion.fp),
    meanOf(arm, ({ confusion }) => confusion.tn)
  ]
  const positives = tp === null || fn === null ? null : tp + fn
  const negatives = fp === null || tn === null ? null : fp + tn
  const threshold = fixed(
    meanOf(arm, (metrics) => metrics.threshold.probability),
    2
  )
  return html`<table class="confusion" style="--arm:${armColour(index)}">
<caption><b>${arm.arm}</b><br>${classes.positive} where p ≥ ${threshold}</caption>
<thead><tr><td></td><th scope="col">called ${classes.positive}</th><th scope="col">called ${classes.negative}</th></tr></thead>
<tbody><tr><th scope="row">${classes.positive}</th>${cell(tp, positives, true, digits)}${cell(fn, positives, false, digits)}</tr>
<tr><th scope="row">${classes.negative}</th>${cell(fp, negatives, false, digits)}${cell(tn, negatives, true, digits)}</tr></tbody></table>
`
}

/** Some thresholds of the decision curves, for their table. */
const shownThresholds = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5]

const decision = (arms: ReadonlyArray<ArmResult>): Figure => {
  const curves = arms.map((arm) => ({ arm: arm.arm, points: meanBenefit(arm) }))
  const at = (points: ReadonlyArray<{ x: number; y: number }>, threshold: number) =>
    points.find((point) => Math.abs(point.x - threshold) < 1e-9)?.y
  return {
    panels: [
      {
        name: "net-benefit",
        description: `Decision curves. Net benefit at a threshold probability of 0.1: ${curves
          .map(({ arm, points }) => `${arm} ${fixed(at(points, 0.1))}`)
          .join(", ")}.`,
        spec: netBenefit(arms)
      }
    ],
    caption: html`<b>Decision curves.</b> Net benefit, in true positives an image, of acting where the probability is at least the threshold: true positives less false ones, weighted by the odds of the threshold. “All” and “none”: acting on every image, on no image.`,
    data: {
      caption: "Net benefit at some threshold probabilities, means over seeds",
      columns: [
        { title: "Arm" },
        ...shownThresholds.map((threshold) => ({ title: fixed(threshold, 2), numeric: true }))
      ],
      rows: curves.map(({ arm, points }) => [
        arm,
        ...shownThresholds.map((threshold) => fixed(at(points, threshold), 4))
      ])
    }
  }
}

export const threshold = ({ classes, comparison: { arms } }: ReportInput): Section => {
  const many = Math.max(...arms.map((arm) => arm.seeds.length))
  return {
    id: "threshold",
    title: "At the threshold",
    figures: [decision(arms)],
    body: (
      figures
    ) => html`<figure><div class="confusions">${arms.map((arm, index) => matrix(arm, index, classes))}</div>
<figcaption><b>Confusion at the threshold chosen on validation images.</b> Rows: the truth${
      many > 1 ? `; counts are means over ${plural(many, "seed")}` : ""
    }. Shares are of the row: sensitivity and specificity stand on the diagonal.</figcaption>
${folded("The figures as a table", {
  caption: "At the threshold, by arm and seed (Wilson 95 % intervals)",
  columns: [
    { title: "Arm" },
    ...[
      "Seed",
      "Threshold",
      "TP",
      "FN",
      "FP",
      "TN",
      "Sensitivity",
      "Specificity",
      "PPV",
      "NPV",
      "Balanced acc.",
      "F1",
      "MCC"
    ].map((title) => ({ title, numeric: true }))
  ],
  rows: arms.flatMap((arm) =>
    arm.seeds.map(({ seed, metrics }) => [
      arm.arm,
      String(seed),
      fixed(metrics.threshold.probability),
      metrics.confusion.tp,
      metrics.confusion.fn,
      metrics.confusion.fp,
      metrics.confusion.tn,
      rate(metrics.sensitivity),
      rate(metrics.specificity),
      rate(metrics.positivePredictiveValue),
      rate(metrics.negativePredictiveValue),
      fixed(metrics.balancedAccuracy),
      fixed(metrics.f1),
      fixed(metrics.mcc)
    ])
  )
})}</figure>
${figures}`
  }
}
