/** Scores of predicted probabilities: log loss, Brier's score and its parts, binned calibration. */
import { softplus, sum } from "./numeric.ts"
import { wilson } from "./proportion.ts"
import { ascending } from "./ranks.ts"
import type { Brier, Label, ReliabilityBin } from "./types.ts"

/** Mean binary cross entropy in nats, from logits: log(1 + e^−z) of a positive, log(1 + e^z) of a negative. */
export const logLoss = (labels: ReadonlyArray<Label>, logits: ReadonlyArray<number>): number =>
  sum(logits.map((z, row) => softplus(labels[row] === 1 ? -z : z))) / labels.length

/** Rows [low, high) of probability that are judged together. */
interface Bin {
  readonly low: number
  readonly high: number
  readonly rows: ReadonlyArray<number>
}

/** `bins` bins of equal width over [0, 1]; a probability of 1 falls in the last. Empty bins are left out. */
export const equalWidthBins = (probabilities: ReadonlyArray<number>, bins: number): ReadonlyArray<Bin> => {
  const rows: Array<Array<number>> = Array.from({ length: bins }, () => [])
  probabilities.forEach((p, row) => {
    rows[Math.min(bins - 1, Math.floor(p * bins))]!.push(row)
  })
  return rows.flatMap((members, at) =>
    members.length === 0 ? [] : [{ low: at / bins, high: (at + 1) / bins, rows: members }]
  )
}

/** About `bins` bins of equal count; equal probabilities are never parted, so that the order of rows does not matter. */
export const equalMassBins = (probabilities: ReadonlyArray<number>, bins: number): ReadonlyArray<Bin> => {
  const order = ascending(probabilities)
  const result: Array<Bin> = []
  let start = 0
  for (let at = 1; at <= bins; at++) {
    let end = Math.round((at * order.length) / bins)
    if (end <= start) continue
    while (end < order.length && probabilities[order[end]!] === probabilities[order[end - 1]!]) end++
    const rows = Array.from(order.subarray(start, end))
    result.push({ low: probabilities[rows[0]!]!, high: probabilities[rows.at(-1)!]!, rows })
    start = end
  }
  return result
}

const binMeans = (bin: Bin, labels: ReadonlyArray<Label>, probabilities: ReadonlyArray<number>) => ({
  predicted: sum(bin.rows.map((row) => probabilities[row]!)) / bin.rows.length,
  positives: bin.rows.filter((row) => labels[row] === 1).length
})

/**
 * Expected calibration error Σ (n_b/n) |mean probability − share of positives| over the bins (Naeini, Cooper &
 * Hauskrecht 2015, AAAI). It is biased upwards on small sets: read it beside the slope and the intercept.
 */
export const expectedCalibrationError = (
  labels: ReadonlyArray<Label>,
  probabilities: ReadonlyArray<number>,
  bins: ReadonlyArray<Bin>
): number =>
  sum(
    bins.map((bin) => {
      const { predicted, positives } = binMeans(bin, labels, probabilities)
      return Math.abs(predicted * bin.rows.length - positives) / labels.length
    })
  )

/** The bins of a reliability diagram, with Wilson's interval of the observed share. */
export const reliabilityBins = (
  labels: ReadonlyArray<Label>,
  probabilities: ReadonlyArray<number>,
  bins: ReadonlyArray<Bin>
): ReadonlyArray<ReliabilityBin> =>
  bins.map((bin) => {
    const { predicted, positives } = binMeans(bin, labels, probabilities)
    const count = bin.rows.length
    return { low: bin.low, high: bin.high, count, predicted, observed: wilson(positives, count)! }
  })

/**
 * Brier's score mean (p − y)² (1950) and, over the bins, Murphy's parts (1973): reliability Σ n_b (p̄_b − ȳ_b)²/n,
 * resolution Σ n_b (ȳ_b − ȳ)²/n, uncertainty ȳ (1 − ȳ), and what the bins hide, Σ ((p − p̄_b)² − 2 (p − p̄_b)(y − ȳ_b))/n
 * (Stephenson, Coelho & Jolliffe 2008, Weather and Forecasting 23:752): value = reliability − resolution + uncertainty +
 * within.
 */
export const brier = (
  labels: ReadonlyArray<Label>,
  probabilities: ReadonlyArray<number>,
  bins: ReadonlyArray<Bin>
): Brier => {
  const n = labels.length
  const rate = labels.filter((label) => label === 1).length / n
  const parts = bins.map((bin) => {
    const { predicted, positives } = binMeans(bin, labels, probabilities)
    const observed = positives / bin.rows.length
    const within = sum(
      bin.rows.map((row) => {
        const off = probabilities[row]! - predicted
        return off * off - 2 * off * (labels[row]! - observed)
      })
    )
    return {
      reliability: bin.rows.length * (predicted - observed) ** 2,
      resolution: bin.rows.length * (observed - rate) ** 2,
      within
    }
  })
  return {
    value: sum(probabilities.map((p, row) => (p - labels[row]!) ** 2)) / n,
    reliability: sum(parts.map((part) => part.reliability)) / n,
    resolution: sum(parts.map((part) => part.resolution)) / n,
    uncertainty: rate * (1 - rate),
    within: sum(parts.map((part) => part.within)) / n
  }
}
