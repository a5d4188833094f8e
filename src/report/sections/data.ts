/** The data: images by split, class and origin, groups, what was left out, and what was checked for leaks. */
import type { Audit } from "../../statistics/comparison-types.ts"
import { provenanceText } from "../../statistics/generator-provenance.ts"
import { count, list, plural } from "../format.ts"
import { type Child, html } from "../html.ts"
import type { ReportInput, Split } from "../input.ts"
import type { Section } from "../section.ts"
import { table } from "../table.ts"

const splits: ReadonlyArray<Split> = ["train", "validation", "test"]

/** One line a check: what was looked for, what was found. */
export const auditRows = (audit: Audit): Array<[string, string]> => {
  const found = (amount: number | null, one: string): string =>
    amount === null ? "not checked: not given" : amount === 0 ? "none" : plural(amount, one)
  const allowed = audit.groupOverlaps !== null && audit.groupOverlaps > 0 ? ", let through by name" : ""
  const { generator: known } = audit
  const generator =
    known.provenance === "none"
      ? "no synthetic images"
      : known.provenance === "known" && known.missing === 0
        ? `known: ${plural(known.images ?? 0, "training image")}, all in train`
        : provenanceText(known)
  return [
    ["Images in the common test set", `${count(audit.images)}, in ${plural(audit.groups, "group")}`],
    ["Synthetic images in a test or validation set", found(audit.syntheticInEvaluation, "image")],
    ["Groups in more than one split", `${found(audit.groupOverlaps, "group")}${allowed}`],
    ["Images in more than one split", found(audit.imageOverlaps, "image")],
    ["Seeds, the same in every arm", audit.seeds.join(", ")],
    ["What the generator was trained on", generator]
  ]
}

export const data = ({ comparison, data: summary }: ReportInput): Section => {
  const classes = [...new Set(summary.counts.map((row) => row.class))]
  const origins = [...new Set(summary.counts.map((row) => row.origin))]
  const images = (split: Split, origin: string, name: string): number =>
    summary.counts
      .filter((row) => row.split === split && row.origin === origin && row.class === name)
      .reduce((sum, row) => sum + row.images, 0)
  const rows = splits.flatMap((split) =>
    origins
      .filter((origin) => origin === "real" || classes.some((name) => images(split, origin, name) > 0))
      .map((origin): ReadonlyArray<Child> => {
        const cells = classes.map((name) => images(split, origin, name))
        const groups = summary.groups.find((row) => row.split === split)?.groups ?? null
        return [
          split,
          origin,
          ...cells.map((cell) => count(cell)),
          count(cells.reduce((sum, cell) => sum + cell, 0)),
          origin === "real" ? count(groups) : "–"
        ]
      })
  )
  return {
    id: "data",
    title: "The data",
    figures: [],
    body: () => html`<p>${summary.description}</p>
<div class="pair">
${table({
  caption: "Images by split, origin and class",
  columns: [
    { title: "Split" },
    { title: "Origin" },
    ...classes.map((name) => ({ title: name, numeric: true })),
    { title: "All", numeric: true },
    { title: "Groups", numeric: true }
  ],
  rows
})}
${table({ caption: "Leak audit", columns: [{ title: "Checked" }, { title: "Found" }], rows: auditRows(comparison.audit) })}
</div>
${
  summary.excluded.length === 0
    ? null
    : html`<p class="small">Left out: ${list(summary.excluded.map((row) => `${plural(row.images, "image")} (${row.reason})`))}.</p>`
}
`
  }
}
