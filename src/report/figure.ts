/** A figure: one or more charts, each with a description for those who do not see it, a caption, and the data as a table. */
import * as Effect from "effect/Effect"
import type { TopLevelSpec } from "vega-lite"
import { type DrawnChart, draw } from "./chart.ts"
import type { ReportError } from "./errors.ts"
import { type Child, type Html, html, trusted } from "./html.ts"
import { folded, type Table } from "./table.ts"

export interface Panel {
  /** Unique in the page: lower-case letters, digits, dashes. Also the name of the chart's file. */
  readonly name: string
  /** Printed over the panel. */
  readonly title?: Child
  /** Says what is seen, with the figures that matter. */
  readonly description: string
  readonly spec: TopLevelSpec
  /** The same chart laid out for 335 px; without it the chart is scaled down. */
  readonly narrow?: TopLevelSpec
}

export interface Figure {
  readonly panels: ReadonlyArray<Panel>
  readonly caption: Child
  /** Panels side by side where there is room. */
  readonly columns?: 1 | 2 | 3
  readonly data?: Table
}

export interface DrawnFigure {
  readonly html: Html
  /** The charts at their full width, in the order of the panels. */
  readonly charts: ReadonlyArray<DrawnChart & { readonly description: string }>
}

/** A drawn chart with its role and description. The markup is ours; the description is escaped. */
const image = (svg: string, description: string): Html =>
  html`<svg role="img" aria-label="${description}"${trusted(svg.slice("<svg".length))}`

const drawPanel = (panel: Panel): Effect.Effect<{ html: Html; chart: DrawnFigure["charts"][number] }, ReportError> =>
  Effect.gen(function* () {
    const { description, name } = panel
    const chart = yield* draw({ name, spec: panel.spec })
    const narrow = panel.narrow && (yield* draw({ name: `${name}-narrow`, spec: panel.narrow }))
    const title = panel.title === undefined ? null : html`<p class="panel-title">${panel.title}</p>`
    const body =
      narrow === undefined
        ? image(chart.svg, description)
        : html`<div class="wide">${image(chart.svg, description)}</div><div class="narrow">${image(narrow.svg, description)}</div>`
    return { chart: { ...chart, description }, html: html`<div class="panel">${title}${body}</div>` }
  })

export const drawFigure = (figure: Figure): Effect.Effect<DrawnFigure, ReportError> =>
  Effect.gen(function* () {
    const panels = yield* Effect.forEach(figure.panels, drawPanel)
    const data = figure.data === undefined ? null : folded("The figures as a table", figure.data)
    return {
      charts: panels.map((panel) => panel.chart),
      html: html`<figure><div class="panels columns-${figure.columns ?? 1}">${panels.map((panel) => panel.html)}</div>
<figcaption>${figure.caption}</figcaption>${data}</figure>
`
    }
  })
