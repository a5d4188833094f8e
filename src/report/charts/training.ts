/** Learning curves of one arm: training and validation, every seed, the epoch whose weights were kept marked. */
import type { TopLevelSpec } from "vega-lite"
import type { Epoch, History } from "../input.ts"
import { muted } from "../theme.ts"
import { axes, axisMargins, type Layer, label, layered, path } from "./layers.ts"

export interface Quantity {
  readonly title: string
  readonly train: (epoch: Epoch) => number | null
  readonly validation: (epoch: Epoch) => number | null
}

export const loss: Quantity = {
  title: "Cross entropy (nats)",
  train: (epoch) => epoch.trainLoss,
  validation: (epoch) => epoch.validationLoss
}

export const auc: Quantity = {
  title: "ROC AUC",
  train: (epoch) => epoch.trainAuc,
  validation: (epoch) => epoch.validationAuc
}

/** The range of a quantity over all the histories that are to be compared, so that their panels share one axis. */
export const quantityDomain = (
  histories: ReadonlyArray<History>,
  quantity: Quantity,
  limits: readonly [number, number]
): readonly [number, number] => {
  const values = histories
    .flatMap((history) => history.epochs.flatMap((epoch) => [quantity.train(epoch), quantity.validation(epoch)]))
    .filter((value) => value !== null)
  if (values.length === 0) return [0, 1]
  const low = Math.min(...values)
  const high = Math.max(...values)
  const room = (high - low) * 0.08 || 0.05
  return [Math.max(limits[0], low - room), Math.min(limits[1], high + room)]
}

const points = (history: History, value: (epoch: Epoch) => number | null): Array<{ x: number; y: number }> =>
  history.epochs.flatMap((epoch) => {
    const y = value(epoch)
    return y === null ? [] : [{ x: epoch.epoch, y }]
  })

/** Whole epochs at round steps: at most six ticks. */
const epochTicks = (first: number, last: number): Array<number> => {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((width) => (last - first) / width <= 6) ?? 1000
  const ticks: Array<number> = []
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) ticks.push(tick)
  return ticks
}

export const training = (
  histories: ReadonlyArray<History>,
  quantity: Quantity,
  options: {
    readonly colour: string
    readonly epochs: readonly [number, number]
    readonly domain: readonly [number, number]
  }
): TopLevelSpec => {
  const width = 296
  const height = 170
  const [first, last] = options.epochs
  const y = (value: number) => height * (1 - (value - options.domain[0]) / (options.domain[1] - options.domain[0]))
  const best = histories.flatMap((history) => {
    const epoch = history.epochs.find((row) => row.epoch === history.bestEpoch)
    const value = epoch === undefined ? null : quantity.validation(epoch)
    return value === null ? [] : [{ x: history.bestEpoch, y: value }]
  })
  const marks: Layer = {
    data: { values: best },
    mark: {
      type: "point",
      filled: true,
      size: 42,
      fill: options.colour,
      stroke: "var(--paper)",
      strokeWidth: 1.5,
      opacity: 1
    },
    encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } }
  }
  // The names stand at the end of the longest run: right of it no line can cross them.
  const lastEpoch = (history: History) => Math.max(...history.epochs.map((epoch) => epoch.epoch))
  const longest = histories.toSorted((a, b) => lastEpoch(b) - lastEpoch(a))[0]!
  const names = (): Array<Layer> => {
    const train = points(longest, quantity.train).at(-1)
    const validation = points(longest, quantity.validation).at(-1)
    if (train === undefined || validation === undefined) return []
    const x = 8 + (width * (Math.max(train.x, validation.x) - first)) / Math.max(1, last - first)
    const side = train.y > validation.y ? -1 : 1
    const apart = Math.max(0, 13 - Math.abs(y(train.y) - y(validation.y))) / 2
    return [
      label("train", x, y(train.y) + side * apart, { colour: muted }),
      label("valid.", x, y(validation.y) - side * apart, { colour: options.colour })
    ]
  }
  return layered(
    width,
    height,
    [
      axes(
        { title: "Epoch", domain: [first, Math.max(last, first + 1)], values: epochTicks(first, last), format: "d" },
        { title: quantity.title, domain: options.domain, ticks: 4 }
      ),
      ...histories.map((history) =>
        path(points(history, quantity.train), { colour: muted, width: 1, dash: [3, 2], opacity: 0.9 })
      ),
      ...histories.map((history) =>
        path(points(history, quantity.validation), { colour: options.colour, width: 1.6, opacity: 0.9 })
      ),
      marks,
      ...names()
    ],
    { ...axisMargins, right: 50 }
  )
}
