/** The sweep over frozen blocks beside the table that was originally published. */
import { fixed, missing } from "../format.ts"
import { html } from "../html.ts"
import type { FrozenLayersRow, ReportInput } from "../input.ts"
import type { Section } from "../section.ts"
import { table } from "../table.ts"

/**
 * The table of the project that set this question (EfficientNet-b3 with 26 blocks, 128 × 128, two decimals as printed).
 * Its runs had one seed and validation sets of their own, so that the rows cannot be compared to the second decimal.
 */
export const published: ReadonlyArray<FrozenLayersRow> = [
  { frozenLayers: 22, trainLoss: 0.3, trainAccuracy: 0.87, validationLoss: 0.34, validationAccuracy: 0.87 },
  { frozenLayers: 19, trainLoss: 0.36, trainAccuracy: 0.85, validationLoss: 0.29, validationAccuracy: 0.87 },
  { frozenLayers: 18, trainLoss: 0.28, trainAccuracy: 0.88, validationLoss: 0.3, validationAccuracy: 0.88 },
  { frozenLayers: 17, trainLoss: 0.39, trainAccuracy: 0.83, validationLoss: 0.37, validationAccuracy: 0.85 }
]

const cells = (row: FrozenLayersRow | undefined): Array<string> =>
  row === undefined
    ? [missing, missing, missing, missing]
    : [row.trainLoss, row.trainAccuracy, row.validationLoss, row.validationAccuracy].map((value) => fixed(value, 2))

export const frozenLayers = ({ frozenLayers: here = [] }: ReportInput): Section | null => {
  if (here.length === 0) return null
  const all = [...new Set([...here, ...published].map((row) => row.frozenLayers))].sort((a, b) => b - a)
  const quantities = ["Train loss", "Train acc.", "Val. loss", "Val. acc."].map((title) => ({ title, numeric: true }))
  return {
    id: "frozen-layers",
    title: "Frozen blocks",
    figures: [],
    body: () => html`${table({
      caption: "The kept epoch by number of frozen blocks, here and as originally published",
      groups: [
        { title: "", span: 1 },
        { title: "Here", span: 4 },
        { title: "Published", span: 4 }
      ],
      columns: [{ title: "Frozen" }, ...quantities, ...quantities],
      rows: all.map((frozen) => [
        String(frozen),
        ...cells(here.find((row) => row.frozenLayers === frozen)),
        ...cells(published.find((row) => row.frozenLayers === frozen))
      ])
    })}
<p class="small">Means over seeds here. The published runs were of EfficientNet-b3, which has 26 blocks, at 128 × 128 pixels, with one seed each and validation images of their own: small differences between their rows may be chance, and a number of blocks of another network is not the same part of it.</p>`
  }
}
