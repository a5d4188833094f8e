/** The arms: what each was trained on, its AUC with interval, and its other figures. */
import type { ArmResult } from "../../statistics/comparison-types.ts"
import type { BinaryMetrics } from "../../statistics/types.ts"
import { type ForestRow, forest, forestDomain } from "../charts/forest.ts"
import type { Figure } from "../figure.ts"
import { count, fixed, interval } from "../format.ts"
import { html } from "../html.ts"
import type { Section } from "../section.ts"
import { table } from "../table.ts"
import { armColour } from "../theme.ts"

/** The mean over seeds of a quantity, `null` where any seed leaves it undefined. */
export const meanOf = (
  arm: ArmResult,
  quantity: (metrics: BinaryMetrics) => number | null | undefined
): number | null => {
  let sum = 0
  for (const { metrics } of arm.seeds) {
    const value = quantity(metrics)
    if (value === null || value === undefined) return null
    sum += value
  }
  return arm.seeds.length === 0 ? null : sum / arm.seeds.length
}

const sensitivityAt = (specificity: number) => (metrics: BinaryMetrics) =>
  metrics.sensitivityAtSpecificity.find((point) => Math.abs(point.specificity - specificity) < 1e-9)?.sensitivity

const forestRows = (arms: ReadonlyArray<ArmResult>): Array<ForestRow> =>
  arms.flatMap((arm, index) => {
    const colour = armColour(index)
    const summary: ForestRow = {
      label: arm.arm,
      value: arm.auc?.mean ?? null,
      low: arm.auc?.low ?? null,
      high: arm.auc?.high ?? null,
      text: `${fixed(arm.auc?.mean)} ${interval(arm.auc?.low, arm.auc?.high)}`,
      colour,
      kind: "summary"
    }
    const parts = arm.seeds.map(
      ({ seed, metrics }): ForestRow => ({
        label: `seed ${seed}`,
        value: metrics.auc?.value ?? null,
        low: metrics.auc?.low ?? null,
        high: metrics.auc?.high ?? null,
        text: `${fixed(metrics.auc?.value)} ${interval(metrics.auc?.low, metrics.auc?.high)}`,
        colour,
        kind: "part"
      })
    )
    return [summary, ...(parts.length > 1 ? parts : [])]
  })

export const arms = (results: ReadonlyArray<ArmResult>): Section => {
  const rows = forestRows(results)
  const many = results.some((arm) => arm.seeds.length > 1)
  const [low, high] = forestDomain(rows, [])
  const options = { title: "ROC AUC", domain: [Math.max(0, low), Math.min(1, high)], format: ".2f" } as const
  const described = results.map((arm) => `${arm.arm}: ${fixed(arm.auc?.mean)} ${interval(arm.auc?.low, arm.auc?.high)}`)
  const plot: Figure = {
    panels: [
      {
        name: "arms",
        description: `Forest plot of the AUC of every arm. ${described.join("; ")}.`,
        spec: forest(rows, options, "wide"),
        narrow: forest(rows, options, "narrow")
      }
    ],
    caption: html`<b>ROC AUC on the common test images.</b> ${many ? "Squares: mean over seeds, with an interval that holds seeds and patients; dots: one seed, DeLong." : "One training run an arm, with an interval over patients."} Overlapping intervals say little of a difference: the arms see the same images, so read the paired figure.`,
    data: {
      caption: "ROC AUC by arm and seed",
      columns: [{ title: "Arm or seed" }, { title: "AUC", numeric: true }, { title: "95 % interval", numeric: true }],
      rows: rows.map((row) => [row.label, fixed(row.value, 4), interval(row.low, row.high, 4)])
    }
  }
  return {
    id: "arms",
    title: "The arms",
    figures: [plot],
    body: (figures) => html`<dl class="arms">${results.map(
      (arm, index) => html`<div><dt><i class="swatch" style="background:${armColour(index)}"></i>${arm.arm}</dt><dd>${
        arm.description
      } <span class="quiet">${count(arm.training.real)} real, ${count(arm.training.synthetic)} synthetic training images.</span></dd></div>
`
    )}</dl>
${figures}
${table({
  caption: many ? "Test figures, means over seeds" : "Test figures",
  columns: [
    { title: "Arm" },
    ...[
      "AUC",
      "Average precision",
      "Partial AUC",
      "Sens. at spec. .90",
      "Accuracy",
      "Loss",
      "Brier",
      "ECE",
      "Slope"
    ].map((title) => ({ title, numeric: true }))
  ],
  rows: results.map((arm) => [
    arm.arm,
    fixed(arm.auc?.mean),
    fixed(meanOf(arm, (metrics) => metrics.averagePrecision)),
    fixed(meanOf(arm, (metrics) => metrics.partialAuc)),
    fixed(meanOf(arm, sensitivityAt(0.9))),
    fixed(arm.accuracy.mean),
    fixed(arm.loss.mean),
    fixed(meanOf(arm, (metrics) => metrics.brier.value)),
    fixed(meanOf(arm, (metrics) => metrics.ece.equalMass)),
    fixed(
      meanOf(arm, (metrics) => metrics.calibration?.slope),
      2
    )
  ])
})}
<p class="small">Partial AUC: over sensitivities above .8, rescaled so that chance is .5. Loss: cross entropy in nats. ECE: expected calibration error, 15 bins of equal mass. Slope: of the calibration line, 1 when calibrated, under 1 when too sure.</p>
`
  }
}
