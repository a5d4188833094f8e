/** A forest plot: estimates with their intervals, a row each, over one axis (Lewis and Clarke, BMJ 2001). */
import type { TopLevelSpec } from "vega-lite"
import { fitsOneLine, indentOf, narrowFrame, room, titleLines, wideFrame } from "./forest-layout.ts"
import { type Layer, label, layered } from "./layers.ts"

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

/** Wide: name, plot and figures side by side, 870 px in all. Narrow: name and figures over each interval, 335 px. */
export const forest = (
  rows: ReadonlyArray<ForestRow>,
  options: ForestOptions,
  layout: "wide" | "narrow"
): TopLevelSpec => {
  const wide = layout === "wide"
  const { width, left, right } = wide ? wideFrame(rows) : narrowFrame
  const gap = wide ? { summary: 32, part: 21 } : { summary: 48, part: 43 }
  const centres: Array<number> = []
  let bottom = wide ? 4 : 0
  for (const row of rows) {
    const texts = wide || fitsOneLine(row, width) ? 0 : 15
    // Where there is no estimate, in the narrow layout, there is nothing below the texts.
    const step = gap[row.kind] + texts - (wide || row.value !== null ? 0 : 15)
    centres.push(wide ? bottom + step / 2 : bottom + gap[row.kind] + texts - 11)
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
    const x = indentOf(row)
    if (wide) {
      return [
        label(row.label, x + 2 - left, row.y, { colour, bold, limit: room(left - x - 10) }),
        label(row.text, width + 16, row.y, { colour, bold, limit: room(right - 18) })
      ]
    }
    const one = fitsOneLine(row, width)
    return [
      label(row.label, x, row.y - (one ? 15 : 30), { colour, bold, limit: room(width - x) }),
      one
        ? label(row.text, width, row.y - 15, { colour, bold, align: "right" })
        : label(row.text, x, row.y - 15, { colour, bold, limit: room(width - x) })
    ]
  })
  // In the narrow layout the texts stand inside the plot: there band and line are drawn at the intervals only.
  const spans = wide
    ? [{ top: 0, bottom: height }]
    : values.flatMap((row) => (row.value === null ? [] : [{ top: row.y - 8, bottom: row.y + 8 }]))
  const down = { y: { field: "top", type: "quantitative", axis: null }, y2: { field: "bottom" } } as const
  const band: Array<Layer> = options.band
    ? [
        {
          data: { values: spans.map((span) => ({ ...span, low: options.band![0], high: options.band![1] })) },
          mark: { type: "rect", fill: "var(--grid)", opacity: 1 },
          encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" }, ...down }
        }
      ]
    : []
  const line: Array<Layer> =
    options.line === undefined
      ? []
      : [
          {
            data: { values: spans.map((span) => ({ ...span, value: options.line! })) },
            mark: { type: "rule", stroke: "var(--muted)", strokeWidth: 1 },
            encoding: { x, ...down }
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
          title: titleLines(options.title, width),
          grid: false,
          tickCount: wide ? 6 : 4,
          format: options.format
        }
      },
      y: { ...y, scale: { domain: [height, 0], nice: false, zero: false }, axis: null }
    }
  }
  return layered(width, height, [...band, frame, ...line, ...marks("part"), ...marks("summary"), ...texts], {
    left,
    right,
    top: 2,
    bottom: titleLines(options.title, width).length > 1 ? 56 : 40
  })
}
