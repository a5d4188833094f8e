/** The difference within groups of patients: a forest plot of the arm that the verdict is about, a table of all. */
import type { Comparison, Subgroup } from "../../statistics/comparison-types.ts"
import { type ForestRow, forest, forestDomain } from "../charts/forest.ts"
import type { Figure } from "../figure.ts"
import { count, missing, plural, pValue, signed, signedInterval } from "../format.ts"
import { html } from "../html.ts"
import { figuresOnly, type Section } from "../section.ts"
import { armColour, muted } from "../theme.ts"

const rowOf = ({ attribute, delta, high, level, low, n, positives, reason }: Subgroup, colour: string): ForestRow => ({
  label: `${attribute}: ${level} (${positives} of ${n})`,
  value: delta,
  low,
  high,
  text: delta === null ? (reason ?? missing) : `${signed(delta)} ${signedInterval(low, high)}`,
  colour,
  kind: "part"
})

export const subgroups = ({ arms, margin, pairs, verdict }: Comparison): Section | null => {
  const pair = pairs.find((each) => each.arm === verdict.arm && each.subgroups.length > 0)
  if (pair === undefined) return null
  const colour = armColour(arms.findIndex((arm) => arm.arm === pair.arm))
  const { delta, high, low } = pair.headline
  const rows: Array<ForestRow> = [
    {
      label: "all patients",
      value: delta,
      low,
      high,
      text: `${signed(delta)} ${signedInterval(low, high)}`,
      colour: muted,
      kind: "summary"
    },
    ...pair.subgroups.map((subgroup) => rowOf(subgroup, colour))
  ]
  const options = {
    title: `Difference of ROC AUC, ${pair.arm} − ${pair.reference}`,
    domain: forestDomain(rows, [-margin, margin]),
    format: "+.2f",
    line: 0,
    band: [-margin, margin]
  } as const
  const tested = pair.subgroups.filter((subgroup) => subgroup.delta !== null).length
  const plot: Figure = {
    panels: [
      {
        name: "subgroups",
        description: `Forest plot of the difference of AUC in subgroups. ${rows.map((row) => `${row.label}: ${row.text}`).join("; ")}.`,
        spec: forest(rows, options, "wide"),
        narrow: forest(rows, options, "narrow")
      }
    ],
    caption: html`<b>${pair.arm} against ${pair.reference}, by group of patients.</b> In brackets: positives of images. ${plural(
      tested,
      "subgroup"
    )} tested, 95 % intervals unadjusted; the table has p adjusted for all of them (Holm). A subgroup that stands out here is a question for other data, not an answer.`,
    data: {
      caption: "Differences of AUC in subgroups",
      columns: [
        { title: "Subgroup" },
        ...["Arm", "Images", "Positives", "Difference", "95 % interval", "p", "p, Holm"].map((title) => ({
          title,
          numeric: true
        }))
      ],
      rows: pairs.flatMap((each) =>
        each.subgroups.map((subgroup) => [
          `${subgroup.attribute}: ${subgroup.level}`,
          each.arm,
          count(subgroup.n),
          count(subgroup.positives),
          subgroup.delta === null ? (subgroup.reason ?? missing) : signed(subgroup.delta),
          signedInterval(subgroup.low, subgroup.high),
          pValue(subgroup.p),
          pValue(subgroup.holm)
        ])
      )
    }
  }
  return { id: "subgroups", title: "For whom", figures: [plot], body: figuresOnly }
}
