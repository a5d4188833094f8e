/** A forest plot: estimates with their intervals, a row each, over one axis (Lewis and Clarke, BMJ 2001). */
import type { TopLevelSpec } from "vega-lite"
import { visible } from "../html.ts"
import { type Layer, label, layered, shorten } from "./layers.ts"

export interface ForestRow {
  readonly label: string
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  /** The figures as printed at the row's end. */
  readonly text: string
  readonly colour: string
  /** A summary is drawn heavier; a part (one seed) is set in and thin. */
  readonly kind: "summary" | "part"
}

export interface ForestOptions {
  readonly title: string
  readonly domain: readonly [number, number]
  readonly format: string
  /** A line down the plot: no difference. */
  readonly line?: number
  /** A shaded range: the margin of equivalence. */
  readonly band?: readonly [number, number]
}

/** The smallest domain that holds every interval and `always`, with 6 % of room at both ends. */
export const forestDomain = (
  rows: ReadonlyArray<ForestRow>,
  always: ReadonlyArray<number>
): readonly [number, number] => {
  const ends = rows.flatMap((row) => [row.low, row.high, row.value]).filter((end) => end !== null)
  if (ends.length + always.length === 0) return [0, 1]
  const low = Math.min(...ends, ...always)
  const high = Math.max(...ends, ...always)
  const room = (high - low) * 0.06 || 0.05
  return [low - room, high + room]
}

/** Wide: name, plot and figures side by side, 880 px in all. Narrow: name and figures over each interval, 335 px. */
export const forest = (
  rows: ReadonlyArray<ForestRow>,
  options: ForestOptions,
  layout: "wide" | "narrow"
): TopLevelSpec => {
  const wide = layout === "wide"
  const width = wide ? 500 : 325
  const gap = wide ? { summary: 32, part: 21 } : { summary: 44, part: 35 }
  const centres: Array<number> = []
  let bottom = wide ? 4 : 0
  for (const row of rows) {
    const step = gap[row.kind]
    centres.push(wide ? bottom + step / 2 : bottom + step - 10)
    bottom += step
  }
  const height = bottom + 6
  const values = rows.map((row, index) => ({ ...row, y: centres[index]! }))
  const x = { field: "value", type: "quantitative" } as const
  const y = { field: "y", type: "quantitative" } as const
  const marks = (kind: ForestRow["kind"]): Array<Layer> => {
    const data = { values: values.filter((row) => row.kind === kind && row.value !== null) }
    const stroke = { field: "colour", type: "nominal", scale: null, legend: null } as const
    const summary = kind === "summary"
    return [
      {
        data: { values: data.values.filter((row) => row.low !== null && row.high !== null) },
        mark: { type: "rule", strokeWidth: summary ? 2.5 : 1, strokeCap: "butt" },
        encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" }, y, stroke }
      },
      {
        data,
        mark: {
          type: "point",
          shape: summary ? "square" : "circle",
          filled: true,
          size: summary ? 72 : 26,
          opacity: 1
        },
        encoding: { x, y, fill: stroke }
      }
    ]
  }
  const texts = values.flatMap((row): Array<Layer> => {
    const colour = row.kind === "summary" ? "var(--ink)" : "var(--muted)"
    const bold = row.kind === "summary"
    return wide
      ? [
          label(row.label, -190 + (bold ? 0 : 12), row.y, { colour, bold, limit: bold ? 168 : 175 }),
          label(row.text, width + 16, row.y, { colour, bold, limit: 162 })
        ]
      : [
          label(row.label, bold ? 0 : 10, row.y - 14, { colour, bold, limit: bold ? 155 : 165 }),
          label(row.text, width, row.y - 14, { colour, bold, align: "right", limit: 162 })
        ]
  })
  const band: Array<Layer> = options.band
    ? [
        {
          data: { values: [{ low: options.band[0], high: options.band[1] }] },
          mark: { type: "rect", fill: "var(--grid)", opacity: 1 },
          encoding: {
            x: { field: "low", type: "quantitative" },
            x2: { field: "high" },
            y: { value: 0 },
            y2: { value: height }
          }
        }
      ]
    : []
  const line: Array<Layer> =
    options.line === undefined
      ? []
      : [
          {
            data: { values: [{ value: options.line }] },
            mark: { type: "rule", stroke: "var(--muted)", strokeWidth: 1 },
            encoding: { x, y: { value: 0 }, y2: { value: height } }
          }
        ]
  const frame: Layer = {
    data: { values: [{ value: options.domain[0], y: 0 }] },
    mark: { type: "point", opacity: 0, size: 0 },
    encoding: {
      x: {
        ...x,
        scale: { domain: [...options.domain], nice: false, zero: false },
        axis: {
          title: shorten(visible(options.title), wide ? 490 : 310),
          grid: false,
          tickCount: wide ? 6 : 4,
          format: options.format
        }
      },
      y: { ...y, scale: { domain: [height, 0], nice: false, zero: false }, axis: null }
    }
  }
  return layered(width, height, [...band, frame, ...line, ...marks("part"), ...marks("summary"), ...texts], {
    left: wide ? 192 : 6,
    right: wide ? 178 : 6,
    top: 2,
    bottom: 40
  })
}
