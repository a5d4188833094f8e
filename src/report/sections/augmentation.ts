/** What augmentation does: the reference arm's learning curves with it and without. */
import type { Figure } from "../figure.ts"
import { html } from "../html.ts"
import type { ReportInput } from "../input.ts"
import { figuresOnly, type Section } from "../section.ts"
import { armColour } from "../theme.ts"
import { curvePanels, keptTable } from "./training.ts"

export const augmentation = ({ comparison, histories, withoutAugmentation = [] }: ReportInput): Section | null => {
  if (withoutAugmentation.every((history) => history.epochs.length === 0)) return null
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
  return { id: "augmentation", title: "Augmentation", figures: [plot], body: figuresOnly }
}
