/** The pieces that the charts share: layers of a vega-lite specification with explicit positions, colours and scales. */
import type { TopLevelSpec } from "vega-lite"
import { visible } from "../html.ts"
import { rule } from "../theme.ts"

type Layered = Extract<TopLevelSpec, { layer: unknown }>
export type Layer = Layered["layer"][number]

/** Room around the plot for axes and texts, in pixels. */
export interface Margins {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Room for the labels and titles that `axes` draws. */
export const axisMargins: Margins = { left: 54, right: 10, top: 8, bottom: 40 }

/**
 * Layers over one x and one y axis, in pixels of the plot. The margins are fixed: vega would measure the texts, which
 * without a canvas is a guess (0.8 em a character), and with one another picture.
 */
export const layered = (
  width: number,
  height: number,
  layer: Array<Layer>,
  margins: Margins = axisMargins
): TopLevelSpec => ({ width, height, autosize: "none", padding: { ...margins }, layer })

/** The width of a character in em, near enough for the sans faces of the page. */
const em = (character: string): number =>
  character >= "\u2e80"
    ? 1
    : /[ijlt.,:;'|!()[\]f ]/.test(character)
      ? 0.29
      : /[A-Zmw@%+−]/.test(character)
        ? 0.74
        : 0.54

/** Pixels of a text at 12 px, as near as `em` is. */
export const textWidth = (text: string): number => {
  let width = 0
  for (const character of text) width += 12 * em(character)
  return width
}

/** As much of a text as fits into `limit` pixels at 12 px, ended with an ellipsis where something is cut. */
export const shorten = (text: string, limit: number): string => {
  let width = 0
  let fitting = ""
  for (const character of text) {
    width += 12 * em(character)
    if (width > limit) return `${fitting.trimEnd()}…`
    if (width <= limit - 12) fitting += character
  }
  return text
}

/** One text at a place given in pixels; `limit`, in pixels, cuts what is longer and ends it with an ellipsis. */
export const label = (
  text: string,
  x: number,
  y: number,
  options: {
    readonly align?: "left" | "right" | "center"
    readonly colour?: string
    readonly limit?: number
    readonly bold?: boolean
  } = {}
): Layer => ({
  data: { values: [{}] },
  mark: {
    type: "text",
    text: options.limit === undefined ? text : shorten(visible(text), options.limit),
    align: options.align ?? "left",
    baseline: "middle",
    fill: options.colour ?? "var(--ink)",
    fontWeight: options.bold ? 600 : "normal"
  },
  encoding: { x: { value: x }, y: { value: y } }
})

/** A straight line between two places given in pixels. */
export const stroke = (
  from: readonly [number, number],
  to: readonly [number, number],
  options: { readonly colour?: string; readonly width?: number; readonly dash?: ReadonlyArray<number> } = {}
): Layer => ({
  data: { values: [{}] },
  mark: {
    type: "rule",
    stroke: options.colour ?? rule,
    strokeWidth: options.width ?? 1,
    ...(options.dash === undefined ? {} : { strokeDash: [...options.dash] })
  },
  encoding: { x: { value: from[0] }, y: { value: from[1] }, x2: { value: to[0] }, y2: { value: to[1] } }
})

/** An unfilled line through points in data coordinates, in the order given. */
export const path = (
  points: ReadonlyArray<{ readonly x: number; readonly y: number }>,
  options: {
    readonly colour: string
    readonly width?: number
    readonly dash?: ReadonlyArray<number>
    readonly opacity?: number
  }
): Layer => ({
  data: { values: points.map(({ x, y }, index) => ({ x, y, index })) },
  mark: {
    type: "line",
    stroke: options.colour,
    strokeWidth: options.width ?? 1.5,
    opacity: options.opacity ?? 1,
    ...(options.dash === undefined ? {} : { strokeDash: [...options.dash] })
  },
  encoding: {
    x: { field: "x", type: "quantitative" },
    y: { field: "y", type: "quantitative" },
    order: { field: "index", type: "quantitative" }
  }
})

/** The layer that fixes both scales and draws the axes; everything else of a chart is laid over it. */
export const axes = (
  x: {
    readonly title: string
    readonly domain: readonly [number, number]
    readonly ticks?: number
    readonly format?: string
    readonly values?: Array<number>
  },
  y: {
    readonly title: string
    readonly domain: readonly [number, number]
    readonly ticks?: number
    readonly format?: string
    readonly values?: Array<number>
  }
): Layer => {
  const axis = (side: typeof x) => ({
    title: side.title,
    ...(side.values === undefined ? { tickCount: side.ticks ?? 5 } : { values: side.values }),
    ...(side.format === undefined ? {} : { format: side.format })
  })
  return {
    data: { values: [{ x: x.domain[0], y: y.domain[0] }] },
    mark: { type: "point", opacity: 0, size: 0 },
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        scale: { domain: [...x.domain], nice: false, zero: false },
        axis: axis(x)
      },
      y: {
        field: "y",
        type: "quantitative",
        scale: { domain: [...y.domain], nice: false, zero: false },
        axis: axis(y)
      }
    }
  }
}

/** A key in the plot's lower right corner: a sample of each line and its text. */
export const key = (
  entries: ReadonlyArray<{ readonly text: string; readonly colour: string; readonly dash: ReadonlyArray<number> }>,
  corner: { readonly x: number; readonly y: number; readonly width: number }
): Array<Layer> =>
  entries.flatMap(({ text, colour, dash }, index) => {
    const y = corner.y - (entries.length - 1 - index) * 17
    return [
      stroke([corner.x, y], [corner.x + 22, y], { colour, width: 2, dash }),
      label(text, corner.x + 29, y, { limit: corner.width - 29 })
    ]
  })

/** The shaded range between two heights over x. */
export const area = (
  points: ReadonlyArray<{ readonly x: number; readonly low: number; readonly high: number }>,
  colour: string
): Layer => ({
  data: { values: points.map(({ x, low, high }) => ({ x, low, high })) },
  mark: { type: "area", fill: colour, opacity: 0.13, line: false },
  encoding: {
    x: { field: "x", type: "quantitative" },
    y: { field: "low", type: "quantitative" },
    y2: { field: "high" }
  }
})
