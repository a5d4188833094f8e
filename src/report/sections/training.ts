/** The learning curves of every arm and seed, over one pair of axes. */
import { auc, training as chart, loss, quantityDomain } from "../charts/training.ts"
import type { Figure, Panel } from "../figure.ts"
import { count, fixed, list, plural } from "../format.ts"
import { html } from "../html.ts"
import type { History, ReportInput } from "../input.ts"
import { figuresOnly, type Section } from "../section.ts"
import type { Table } from "../table.ts"
import { armColour } from "../theme.ts"

const best = (history: History) => history.epochs.find((epoch) => epoch.epoch === history.bestEpoch)

/** Panels of loss and AUC, an arm after another, with common axes. `groups`: a name, its colour and its runs. */
export const curvePanels = (
  prefix: string,
  groups: ReadonlyArray<{ readonly name: string; readonly colour: string; readonly runs: ReadonlyArray<History> }>
): Array<Panel> => {
  const all = groups.flatMap((group) => group.runs)
  const epochs = all.flatMap((run) => run.epochs.map((epoch) => epoch.epoch))
  const range = [Math.min(...epochs), Math.max(...epochs)] as const
  const quantities = [
    { name: "loss", title: "loss", quantity: loss, domain: quantityDomain(all, loss, [0, Number.POSITIVE_INFINITY]) },
    { name: "auc", title: "AUC", quantity: auc, domain: quantityDomain(all, auc, [0, 1]) }
  ].filter(({ quantity }) => all.some((run) => run.epochs.some((epoch) => quantity.validation(epoch) !== null)))
  return groups.flatMap(({ name, colour, runs }, index) =>
    runs.length === 0
      ? []
      : quantities.map(({ name: kind, title, quantity, domain }) => ({
          name: `${prefix}-${index}-${kind}`,
          title: html`${name}, ${title}`,
          description: `${title} of ${name} by epoch, ${plural(runs.length, "seed")}. Kept: ${list(
            runs.map((run) => {
              const kept = best(run)
              return `epoch ${run.bestEpoch} of ${run.epochs.length} (train ${fixed(kept && quantity.train(kept))}, validation ${fixed(kept && quantity.validation(kept))})`
            })
          )}.`,
          spec: chart(runs, quantity, { colour, epochs: range, domain })
        }))
  )
}

/** The figures of the kept epochs. */
export const keptTable = (histories: ReadonlyArray<History>): Table => ({
  caption: "The epoch that was kept",
  columns: [
    { title: "Arm" },
    ...["Seed", "Epoch", "of", "Train loss", "Train acc.", "Train AUC", "Val. loss", "Val. acc.", "Val. AUC"].map(
      (title) => ({ title, numeric: true })
    )
  ],
  rows: histories.map((history) => {
    const kept = best(history)
    return [
      history.arm,
      String(history.seed),
      count(history.bestEpoch),
      count(history.epochs.length),
      fixed(kept?.trainLoss),
      fixed(kept?.trainAccuracy),
      fixed(kept?.trainAuc),
      fixed(kept?.validationLoss),
      fixed(kept?.validationAccuracy),
      fixed(kept?.validationAuc)
    ]
  })
})

export const training = ({ comparison, histories }: ReportInput): Section | null => {
  if (histories.every((history) => history.epochs.length === 0)) return null
  const groups = comparison.arms.map(({ arm }, index) => ({
    name: arm,
    colour: armColour(index),
    runs: histories.filter((history) => history.arm === arm)
  }))
  const plot: Figure = {
    panels: curvePanels("training", groups),
    columns: 2,
    caption: html`<b>Learning curves.</b> Coloured: validation; dashed: training; a line a seed. Dots: the epoch whose weights were kept. All panels of a quantity share their axes.`,
    data: keptTable(histories)
  }
  return { id: "training", title: "Training", figures: [plot], body: figuresOnly }
}
