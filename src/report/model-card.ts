/** The model card (Mitchell et al., FAccT 2019) in Markdown: what was trained on what, how well it does, where it fails. */
import { fixed, interval, percent } from "./format.ts"
import { visible } from "./html.ts"
import type { ReportInput } from "./input.ts"
import { meanOf } from "./sections/arms.ts"
import { auditRows } from "./sections/data.ts"
import { flatten } from "./sections/provenance.ts"
import { warnings } from "./warnings.ts"

/** Text from outside as Markdown text: no markup of its own, on one line. */
export const plain = (text: string): string =>
  visible(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~!&$]/g, "\\$&")
    .replace(/^(\s*)([-+=])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)]\s)/, "$1\\$2")

const rows = (header: ReadonlyArray<string>, body: ReadonlyArray<ReadonlyArray<string>>): string =>
  [header, header.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const bullets = (items: ReadonlyArray<string>): string => items.map((item) => `- ${plain(item)}`).join("\n")

export const modelCard = (input: ReportInput): string => {
  const { classes, comparison, configuration, data, notes } = input
  const { arms, audit, verdict } = comparison
  const counts = data.counts.map((row) => [row.split, row.origin, plain(row.class), String(row.images)])
  const figures = arms.map((arm) => [
    plain(arm.arm),
    `${arm.training.real} + ${arm.training.synthetic}`,
    `${fixed(arm.auc?.mean)} ${interval(arm.auc?.low, arm.auc?.high)}`,
    fixed(meanOf(arm, (metrics) => metrics.averagePrecision)),
    fixed(meanOf(arm, (metrics) => metrics.sensitivity?.value)),
    fixed(meanOf(arm, (metrics) => metrics.specificity?.value)),
    fixed(meanOf(arm, (metrics) => metrics.brier.value)),
    fixed(meanOf(arm, (metrics) => metrics.ece.equalMass))
  ])
  const first = arms[0]?.seeds[0]?.metrics
  const prevalence = first === undefined ? null : first.positives / first.n
  return `# Model card: ${plain(input.title)}

${plain(verdict.sentence)}

## Models
Binary classifiers of dermoscopy images, ${plain(classes.positive)} (1) against ${plain(classes.negative)} (0), trained by the pipeline "${plain(input.pipeline)}" in ${arms.length} arms of ${audit.seeds.length} seeds (${audit.seeds.join(", ")}). Backend: ${plain(input.backend)}.

${rows(
  ["setting", "value"],
  flatten(configuration).map(([path, value]) => [plain(path), plain(value)])
)}

## Use
Intended: to find out whether added training images, such as a GAN's, change how well such a classifier does. Not intended: diagnosis, triage, or any decision about a person. It is no medical device.

## Data
${plain(data.description)}

${rows(["split", "origin", "class", "images"], counts)}

Checked for leaks:

${rows(
  ["checked", "found"],
  auditRows(audit).map(([checked, found]) => [plain(checked), plain(found)])
)}

## Evaluation
${audit.images} test images in ${audit.groups} groups, ${percent(prevalence)} ${plain(classes.positive)}. Means over seeds; the threshold was chosen on validation images.

${rows(
  [
    "arm",
    "training images, real + synthetic",
    "ROC AUC [95 %]",
    "average precision",
    "sensitivity",
    "specificity",
    "Brier",
    "ECE"
  ],
  figures
)}

## Limits
${bullets([
  ...warnings(input),
  ...notes,
  `Predictive values hold for the share of ${classes.positive} in this test set (${percent(prevalence)}), not for a clinic's.`,
  "Images like the test set's only: another camera, skin type or clinic was not measured unless a subgroup says so."
])}

## What would change the verdict
${bullets(verdict.wouldChange)}

## Provenance
${rows(
  ["node", "stage", "SHA-256"],
  input.provenance.map((row) => [plain(row.node), plain(row.stage), plain(row.digest)])
)}

Packages: ${input.packages.map((row) => `${plain(row.name)} ${plain(row.version)}`).join(", ")}.
`
}
