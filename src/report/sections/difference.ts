/** The paired differences of AUC against the reference arm: the forest plot that the verdict is read from, and the tests. */
import type { Comparison, PairedResult } from "../../statistics/comparison-types.ts"
import { type ForestRow, forest, forestDomain } from "../charts/forest.ts"
import type { Figure } from "../figure.ts"
import { fixed, missing, percent, plural, pValue, signed, signedInterval } from "../format.ts"
import { html } from "../html.ts"
import type { Section } from "../section.ts"
import { table } from "../table.ts"
import { armColour } from "../theme.ts"

/** An arm's name, with what it is measured against where that is not the common reference. */
const nameOf = (pair: PairedResult, reference: string): string =>
  pair.reference === reference ? pair.arm : `${pair.arm} against ${pair.reference}`

const rows = (comparison: Comparison): Array<ForestRow> =>
  comparison.pairs.flatMap((pair) => {
    const colour = armColour(comparison.arms.findIndex((arm) => arm.arm === pair.arm))
    const { delta, low, high } = pair.headline
    const parts: Array<ForestRow> = pair.seeds.map(({ seed, delong }) => ({
      label: `seed ${seed}`,
      value: delong.delta,
      low: delong.low,
      high: delong.high,
      text: `${signed(delong.delta)} ${signedInterval(delong.low, delong.high)}`,
      colour,
      kind: "part"
    }))
    const summary: ForestRow = {
      label: nameOf(pair, comparison.reference),
      value: delta,
      low,
      high,
      text: `${signed(delta)} ${signedInterval(low, high)}`,
      colour,
      kind: "summary"
    }
    return [summary, ...(parts.length > 1 ? parts : [])]
  })

const howDrawn = ({ headline: { groups, level, method, seeds } }: PairedResult): string => {
  const holds = method === "hierarchical" ? "seeds and of patients" : "patients, not of training runs"
  const interval = `${percent(level, 0)} interval, which holds the variation of ${holds} (${plural(groups, "group")})`
  return seeds > 1
    ? `Squares: mean difference over ${plural(seeds, "seed")} with its ${interval}. Dots: one seed, paired DeLong.`
    : `Squares: the difference of one training run with its ${interval}.`
}

/** A test a row: its name, how to read it, its result for one pair. */
const tests: ReadonlyArray<readonly [string, (pair: PairedResult) => string]> = [
  [
    "Difference of AUC [interval]",
    ({ headline }) => `${signed(headline.delta)} ${signedInterval(headline.low, headline.high)}`
  ],
  ["No difference, p", ({ headline }) => pValue(headline.p)],
  ["the same, Holm over arms", (pair) => pValue(pair.holm)],
  ["Equivalence within the margin, p", ({ equivalence }) => pValue(equivalence.p)],
  ["the same, Holm over arms", ({ equivalence }) => pValue(equivalence.holm)],
  ["its 90 % interval", ({ equivalence }) => signedInterval(equivalence.low, equivalence.high)],
  [
    "Sign-flip over seeds, p",
    ({ permutation }) => (permutation.p === null ? (permutation.reason ?? missing) : pValue(permutation.p))
  ],
  ["Seeds in which the arm is better", (pair) => percent(pair.probabilityBetter, 0)],
  ["Paired DeLong by seed, p", ({ seeds }) => seeds.map((seed) => pValue(seed.delong.p)).join("; ")],
  [
    "McNemar by seed, won : lost (p)",
    ({ seeds }) =>
      seeds.map(({ mcnemar }) => `${mcnemar.armOnly} : ${mcnemar.referenceOnly} (${pValue(mcnemar.p)})`).join("; ")
  ],
  ["Smallest difference to be seen", ({ detectable }) => fixed(detectable?.delta)]
]

export const difference = (comparison: Comparison): Section | null => {
  const { margin, pairs, reference, audit } = comparison
  if (pairs.length === 0) return null
  const drawn = rows(comparison)
  const options = {
    title: `Difference of ROC AUC, arm − ${reference}`,
    domain: forestDomain(drawn, [-margin * 1.6, margin * 1.6]),
    format: "+.2f",
    line: 0,
    band: [-margin, margin]
  } as const
  const first = pairs[0]!
  const described = pairs
    .map(
      (pair) =>
        `${nameOf(pair, reference)}: ${signed(pair.headline.delta)} ${signedInterval(pair.headline.low, pair.headline.high)}`
    )
    .join("; ")
  const plot: Figure = {
    panels: [
      {
        name: "difference",
        description: `Forest plot of the difference of AUC against ${reference}. ${described}.`,
        spec: forest(drawn, options, "wide"),
        narrow: forest(drawn, options, "narrow")
      }
    ],
    caption: html`<b>Each arm against ${reference}, on the same images.</b> ${howDrawn(first)} Right of the line the arm is better; shaded: the margin of equivalence, ±${fixed(margin)}, fixed before the run.`,
    data: {
      caption: `Differences of AUC against ${reference}`,
      columns: [{ title: "Arm or seed" }, { title: "Difference", numeric: true }, { title: "Interval", numeric: true }],
      rows: drawn.map((row) => [row.label, signed(row.value, 4), signedInterval(row.low, row.high, 4)])
    }
  }
  return {
    id: "difference",
    // A sweep over settings has no generator of which to ask.
    title: audit.generator.provenance === "none" ? `Against ${reference}` : "Did it help?",
    figures: [plot],
    body: (figures) => html`${figures}
${table({
  caption: "The tests",
  columns: [{ title: "Test" }, ...pairs.map((pair) => ({ title: nameOf(pair, reference) }))],
  rows: tests.map(([name, result]) => [name, ...pairs.map(result)]),
  className: "tests"
})}
<p class="small">All p are two-sided but that of equivalence, which is of two one-sided tests at ±${fixed(margin)}: under .05 just when its 90 % interval lies inside the margin. McNemar: images that only the arm has right at its threshold (won), and only ${reference} (lost); exact.</p>
`
  }
}
