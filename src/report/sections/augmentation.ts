/** What augmentation does: a training image as it is shown, and the reference arm's learning curves with it and without. */
import type { Figure } from "../figure.ts"
import { plural } from "../format.ts"
import { html } from "../html.ts"
import type { ReportInput, ViewsSheet } from "../input.ts"
import type { Section } from "../section.ts"
import { armColour } from "../theme.ts"
import { curvePanels, keptTable } from "./training.ts"

const sheet = ({ id, image, views }: ViewsSheet) =>
  html`<figure class="views"><img src="data:image/png;base64,${image}" alt="${id}, then ${views} augmented views of it"><figcaption><b>What the network is shown.</b> ${id} as it is, at the top left, then ${plural(views, "augmented view")} of it.</figcaption></figure>
`

export const augmentation = (input: ReportInput): Section | null => {
  const { comparison, histories, views, withoutAugmentation = [] } = input
  const trained = withoutAugmentation.some((history) => history.epochs.length > 0)
  if (!trained && views === undefined) return null
  const index = comparison.arms.findIndex((arm) => arm.arm === comparison.reference)
  const on = histories.filter((history) => history.arm === comparison.reference)
  const plot: Figure = {
    columns: 2,
    panels: curvePanels("augmentation", [
      { name: "With augmentation", colour: armColour(index), runs: on },
      { name: "Without", colour: armColour(index), runs: withoutAugmentation }
    ]),
    caption: html`<b>Augmentation on and off, ${comparison.reference}.</b> Coloured: validation; dashed: training, a line a seed. The gap between the two is what is learned by heart.`,
    data: keptTable([
      ...on.map((history) => ({ ...history, arm: "with augmentation" })),
      ...withoutAugmentation.map((history) => ({ ...history, arm: "without" }))
    ])
  }
  return {
    id: "augmentation",
    title: "Augmentation",
    figures: trained ? [plot] : [],
    body: (figures) => html`${figures}${views === undefined ? null : sheet(views)}`
  }
}
