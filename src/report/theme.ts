/**
 * Colours of the page and its charts, as CSS variables: a chart drawn once serves light, dark and print. Arms take the
 * palette of Okabe and Ito (2008), told apart by people with colour-blind eyes; the reference arm is neutral. Each arm
 * has a dash pattern too, so that the figures survive a black-and-white printer.
 */
import type { Config } from "vega-lite"

const light = {
  paper: "#ffffff",
  ink: "#16191d",
  muted: "#5b626b",
  rule: "#cfd4d9",
  grid: "#e9ecef",
  wash: "#f5f6f7",
  link: "#0b5c93",
  "arm-0": "#4a525c",
  "arm-1": "#0072b2",
  "arm-2": "#c94f00",
  "arm-3": "#00805c",
  "arm-4": "#b3538a",
  "arm-5": "#8a6d00",
  "arm-6": "#6b4fb0",
  "arm-7": "#2f8fbf",
  good: "#00734f",
  bad: "#b3261e",
  even: "#0b5c93",
  open: "#8a5a00"
}

const dark: typeof light = {
  paper: "#14171a",
  ink: "#e8eaec",
  muted: "#a3abb4",
  rule: "#3c434a",
  grid: "#272c31",
  wash: "#1c2024",
  link: "#7cc0ee",
  "arm-0": "#b9c0c8",
  "arm-1": "#58b4ea",
  "arm-2": "#ff9a57",
  "arm-3": "#3fcb9f",
  "arm-4": "#e69bc6",
  "arm-5": "#d8b94e",
  "arm-6": "#b6a0ee",
  "arm-7": "#93d3f4",
  good: "#4fd1a5",
  bad: "#ff8a80",
  even: "#7cc0ee",
  open: "#e3b65a"
}

const declare = (palette: typeof light): string =>
  Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";")

/** The variables for the page and for an SVG file on its own. */
export const colours = `:root{color-scheme:light dark;${declare(light)}}
@media (prefers-color-scheme:dark){:root{${declare(dark)}}}
@media print{:root{color-scheme:light;${declare(light)}}}`

export const sans = '-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans","Noto Sans",sans-serif'
export const serif = '"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,"Book Antiqua",Georgia,serif'
export const mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace'

const dashes = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 2],
  [12, 3],
  [6, 2, 2, 2],
  [1, 3]
]

export const armColour = (index: number): string => `var(--arm-${index % 8})`
export const armDash = (index: number): Array<number> => dashes[index % 8]!

export const ink = "var(--ink)"
export const muted = "var(--muted)"
export const rule = "var(--rule)"

/** The look of every chart: 12 px sans, hairline axes, a faint grid, no box. */
export const chartConfig: Config = {
  aria: false,
  background: "transparent",
  font: "inherit",
  view: { stroke: null },
  axisY: { minExtent: 31, maxExtent: 31 },
  axis: {
    labelColor: "var(--muted)",
    labelFontSize: 12,
    titleColor: "var(--ink)",
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 6,
    domainColor: "var(--rule)",
    tickColor: "var(--rule)",
    tickSize: 4,
    gridColor: "var(--grid)",
    labelPadding: 3,
    labelOverlap: false
  },
  text: { fill: "var(--ink)", fontSize: 12 },
  line: { strokeJoin: "round", strokeCap: "round" }
}
