/** The report as one HTML file, as JSON and as a model card, and its charts as files of their own. */
import * as Effect from "effect/Effect"
import { standalone } from "./chart.ts"
import type { ReportError } from "./errors.ts"
import { drawFigure } from "./figure.ts"
import type { ReportInput } from "./input.ts"
import { reportJson } from "./json.ts"
import { modelCard } from "./model-card.ts"
import { page } from "./page.ts"
import { wrap } from "./section.ts"
import { arms } from "./sections/arms.ts"
import { augmentation } from "./sections/augmentation.ts"
import { calibration } from "./sections/calibration.ts"
import { data } from "./sections/data.ts"
import { difference } from "./sections/difference.ts"
import { discrimination } from "./sections/discrimination.ts"
import { frozenLayers } from "./sections/frozen-layers.ts"
import { generatorSection } from "./sections/generator.ts"
import { mistakes } from "./sections/mistakes.ts"
import { provenance } from "./sections/provenance.ts"
import { subgroups } from "./sections/subgroups.ts"
import { threshold } from "./sections/threshold.ts"
import { training } from "./sections/training.ts"

export interface Report {
  /** One self-contained document: no script, no request. */
  readonly html: string
  /** `report.json`: the same figures. */
  readonly json: string
  /** The model card in Markdown. */
  readonly modelCard: string
  /** Every chart as an SVG file; `name` without the ending. */
  readonly charts: ReadonlyArray<{ readonly name: string; readonly svg: string }>
}

const sectionsOf = (input: ReportInput) =>
  [
    difference(input.comparison),
    arms(input.comparison.arms),
    discrimination(input),
    subgroups(input.comparison),
    training(input),
    augmentation(input),
    frozenLayers(input),
    threshold(input),
    calibration(input.comparison.arms),
    mistakes(input),
    generatorSection(input),
    data(input),
    provenance(input)
  ].filter((section) => section !== null)

/** Draws the report. Equal input gives equal bytes. Fails with `ReportError` where a chart cannot be drawn. */
export const renderReport = (input: ReportInput): Effect.Effect<Report, ReportError> =>
  Effect.gen(function* () {
    const sections = yield* Effect.forEach(sectionsOf(input), (section) =>
      Effect.map(Effect.forEach(section.figures, drawFigure), (figures) => ({
        section,
        charts: figures.flatMap((figure) => figure.charts),
        content: wrap(section, section.body(figures.map((figure) => figure.html)))
      }))
    )
    return {
      html: page(
        input,
        sections.map(({ content, section }) => ({ id: section.id, title: section.title, content }))
      ),
      json: reportJson(input),
      modelCard: modelCard(input),
      charts: sections.flatMap(({ charts }) =>
        charts.map((chart) => ({ name: chart.name, svg: standalone(chart, chart.description) }))
      )
    }
  })
