/**
 * A vega-lite specification drawn to static SVG. The result depends on the specification alone: vega numbers its clip
 * paths over the life of the process, so they are numbered anew here, under the chart's own name (several charts stand
 * in one page).
 */
import * as Effect from "effect/Effect"
import type { TopLevelSpec } from "vega-lite"
import { ReportError } from "./errors.ts"
import { escapeText, visible } from "./html.ts"
import { chartConfig, colours, sans } from "./theme.ts"

export interface Chart {
  /** Lower-case letters, digits and dashes; unique in the page. */
  readonly name: string
  readonly spec: TopLevelSpec
}

export interface DrawnChart {
  readonly name: string
  /** An `<svg>` element whose colours are the page's CSS variables. */
  readonly svg: string
}

/** Charts carry their data with them. Vega only warns of a failed load, so what was asked for is kept. */
const closedLoader = () => {
  const asked: Array<string> = []
  const refuse = (uri: string): Promise<never> => {
    asked.push(uri)
    return Promise.reject(new Error(`${uri} is outside of the chart`))
  }
  return { asked, loader: { options: {}, load: refuse, sanitize: refuse, http: refuse, file: refuse } }
}

/** Warnings are for a person at a console; a fault of the drawing is thrown all the same. */
const quiet = {
  level: () => quiet,
  error: (...messages: ReadonlyArray<unknown>): never => {
    throw new Error(messages.map(String).join(" "))
  },
  warn: () => quiet,
  info: () => quiet,
  debug: () => quiet
}

/** Ids by order of appearance, hundredths of a pixel, nothing invisible, no roles inside (the figure has its own). */
const settle = (svg: string, name: string): string => {
  const ids = new Map<string, string>()
  const renamed = (id: string): string => {
    if (!ids.has(id)) ids.set(id, `${name}-${ids.size}`)
    return ids.get(id)!
  }
  return svg
    .replace(/<text\b[^>]*\sopacity="0"[^>]*>[^<]*<\/text>/g, "")
    .replace(/<path\b[^>]*\s(?:opacity="0"|display="none")[^>]*\/>/g, "")
    .replace(/<path class="background"(?![^>]*\s(?:fill|stroke)=)[^>]*\/>/g, "")
    .replace(/>([^<]+)</g, (_, text: string) => `>${visible(text)}<`)
    .replace(/<[^>]*>/g, (tag) =>
      tag
        .replace(/\sid="([^"]*)"/g, (_, id: string) => ` id="${renamed(id)}"`)
        .replace(/url\(#([^)]*)\)/g, (_, id: string) => `url(#${renamed(id)})`)
        .replace(/\s(?:class|role|aria-[a-z]+|pointer-events)="[^"]*"/g, "")
        .replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100))
    )
    .replace(/^<svg[^>]*?(\sviewBox="[^"]*")[^>]*>/, (root, viewBox: string) => {
      const width = /\swidth="([^"]*)"/.exec(root)?.[1] ?? "0"
      const height = /\sheight="([^"]*)"/.exec(root)?.[1] ?? "0"
      return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="${width}" height="${height}"${viewBox}>`
    })
}

/** Loaded by the first chart: most commands read a pipeline without drawing anything, and these take a quarter second. */
const library = async () => {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")])
  return { compile: vegaLite.compile, parse: vega.parse, View: vega.View }
}

/** Draws one chart. Fails with `ReportError` where vega cannot parse or render the specification. */
export const draw = ({ name, spec }: Chart): Effect.Effect<DrawnChart, ReportError> =>
  Effect.tryPromise({
    try: async () => {
      const { compile, parse, View } = await library()
      const compiled = compile(spec, { config: chartConfig, logger: quiet }).spec
      const { asked, loader } = closedLoader()
      const view = new View(parse(compiled), { renderer: "none", loader, logger: quiet })
      try {
        const svg = await view.toSVG()
        if (asked.length > 0) throw new Error(`it asked for ${asked.join(", ")}, and a chart carries its own data`)
        return { name, svg: settle(svg, name) }
      } finally {
        view.finalize()
      }
    },
    catch: (cause) =>
      new ReportError({
        part: `chart "${name}"`,
        reason: cause instanceof Error ? cause.message : String(cause),
        mend: "The figures given to the chart are out of its range, or the chart is wrong: please report it"
      })
  })

/** The chart as a file of its own: the colours come along, and its description as its title. */
export const standalone = (chart: DrawnChart, description: string): string =>
  chart.svg.replace(
    /^<svg([^>]*)>/,
    (_, attributes: string) =>
      `<svg${attributes} style="background:var(--paper);font-family:${sans.replaceAll('"', "'")}"><title>${escapeText(description)}</title><style>${colours}</style>`
  )
