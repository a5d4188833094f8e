/** Reliability diagram of one arm: observed share of positives against predicted probability, by bin. */
import type { TopLevelSpec } from "vega-lite"
import type { ReliabilityBin } from "../../statistics/types.ts"
import { rule } from "../theme.ts"
import { axes, type Layer, layered, path } from "./layers.ts"

interface Point {
  readonly x: number
  readonly y: number
  readonly count: number
}

/** Bins of the same bounds, pooled over seeds: counts added, means weighted by them. In order of the bins. */
export const pooled = (seeds: ReadonlyArray<ReadonlyArray<ReliabilityBin>>): Array<Point> => {
  const bins = new Map<number, { count: number; predicted: number; positives: number }>()
  for (const bin of seeds.flat()) {
    const sum = bins.get(bin.low) ?? { count: 0, predicted: 0, positives: 0 }
    sum.count += bin.count
    sum.predicted += bin.predicted * bin.count
    sum.positives += bin.observed.successes
    bins.set(bin.low, sum)
  }
  return [...bins]
    .filter(([, sum]) => sum.count > 0)
    .sort(([a], [b]) => a - b)
    .map(([, sum]) => ({ x: sum.predicted / sum.count, y: sum.positives / sum.count, count: sum.count }))
}

const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
const x = { field: "x", type: "quantitative" } as const
const y = { field: "y", type: "quantitative" } as const

/**
 * One seed: its bins with Wilson intervals. Several: the pooled bins over those of each seed, which show how far apart
 * the seeds lie (no interval: the seeds see the same images, and pooled counts would make one too narrow).
 */
export const reliability = (seeds: ReadonlyArray<ReadonlyArray<ReliabilityBin>>, colour: string): TopLevelSpec => {
  const size = 240
  const points = pooled(seeds)
  const largest = Math.max(1, ...points.map((point) => point.count))
  const behind: Layer =
    seeds.length > 1
      ? {
          data: {
            values: seeds.flatMap((seed) =>
              seed.filter((bin) => bin.count > 0).map((bin) => ({ x: bin.predicted, y: bin.observed.value }))
            )
          },
          mark: { type: "point", filled: true, size: 9, fill: colour, opacity: 0.45 },
          encoding: { x, y }
        }
      : {
          data: {
            values: seeds
              .flat()
              .filter((bin) => bin.count > 0)
              .map((bin) => ({ x: bin.predicted, low: bin.observed.low, high: bin.observed.high }))
          },
          mark: { type: "rule", stroke: colour, strokeWidth: 1 },
          encoding: { x, y: { field: "low", type: "quantitative" }, y2: { field: "high" } }
        }
  const dots: Layer = {
    data: { values: points.map((point) => ({ ...point, area: 14 + (110 * point.count) / largest })) },
    mark: { type: "point", filled: true, fill: colour, stroke: "var(--paper)", strokeWidth: 1, opacity: 1 },
    encoding: { x, y, size: { field: "area", type: "quantitative", scale: null, legend: null } }
  }
  return layered(size, size, [
    axes(
      { title: "Predicted probability", domain: [0, 1], values: ticks, format: ".1f" },
      { title: "Observed share", domain: [0, 1], values: ticks, format: ".1f" }
    ),
    path(
      [
        { x: 0, y: 0 },
        { x: 1, y: 1 }
      ],
      { colour: rule, width: 1, dash: [3, 3] }
    ),
    behind,
    path(points, { colour, width: 1.25 }),
    dots
  ])
}
