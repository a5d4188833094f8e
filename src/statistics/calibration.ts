/** Calibration as logistic regression of the labels on the logits, and the corrections that follow from it. */
import { logit, sigmoid } from "./numeric.ts"
import type { Calibration, Label } from "./types.ts"

/** Past this the likelihood has no maximum: the classes are separated by the logits. */
const LARGEST = 1e4

/**
 * Intercept a (and slope b, unless it is held at 1) of logit P(y = 1) = a + b z by iteratively reweighted least squares,
 * with the step halved until the likelihood does not fall. `null` where it does not converge.
 */
const logisticLine = (
  labels: ReadonlyArray<Label>,
  z: ReadonlyArray<number>,
  freeSlope: boolean
): [number, number] | null => {
  const cost = (a: number, b: number): number => {
    let total = 0
    for (let row = 0; row < z.length; row++) {
      const eta = (labels[row] === 1 ? -1 : 1) * (a + b * z[row]!)
      total += Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))
    }
    return total
  }
  let a = 0
  let b = 1
  let current = cost(a, b)
  for (let iteration = 0; iteration < 100; iteration++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0]
    for (let row = 0; row < z.length; row++) {
      const p = sigmoid(a + b * z[row]!)
      const weight = p * (1 - p)
      ga += labels[row]! - p
      gb += (labels[row]! - p) * z[row]!
      haa += weight
      hab += weight * z[row]!
      hbb += weight * z[row]! * z[row]!
    }
    const determinant = haa * hbb - hab * hab
    if (!(haa > 0) || (freeSlope && !(determinant > 1e-12 * haa * hbb))) return null
    const da = freeSlope ? (ga * hbb - gb * hab) / determinant : ga / haa
    const db = freeSlope ? (gb * haa - ga * hab) / determinant : 0
    let step = 1
    while (step > 1e-6 && !(cost(a + step * da, b + step * db) <= current)) step /= 2
    a += step * da
    b += step * db
    current = cost(a, b)
    if (!(Math.abs(a) < LARGEST && Math.abs(b) < LARGEST)) return null
    if (Math.abs(da) + Math.abs(db) < 1e-10 * (1 + Math.abs(a) + Math.abs(b))) return [a, b]
  }
  return null
}

/**
 * Calibration intercept and slope (Cox 1958; van Calster et al. 2016, J. Clin. Epidemiol. 74:167), and the intercept with
 * the slope held at 1 (`interceptOnly`, "calibration in the large"). `null` with one class or where the logits separate
 * the classes.
 */
export const calibrationLine = (labels: ReadonlyArray<Label>, logits: ReadonlyArray<number>): Calibration | null => {
  let [highestNegative, lowestPositive] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  let [lowestNegative, highestPositive] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let row = 0; row < labels.length; row++) {
    const z = logits[row]!
    if (labels[row] === 1) {
      lowestPositive = Math.min(lowestPositive, z)
      highestPositive = Math.max(highestPositive, z)
    } else {
      highestNegative = Math.max(highestNegative, z)
      lowestNegative = Math.min(lowestNegative, z)
    }
  }
  if (lowestPositive >= highestNegative || lowestNegative >= highestPositive) return null
  const line = logisticLine(labels, logits, true)
  const shift = logisticLine(labels, logits, false)
  return line === null || shift === null ? null : { intercept: line[0], slope: line[1], interceptOnly: shift[0] }
}

/**
 * The temperature T > 0 that minimises the log loss of z / T on validation (Guo et al. 2017, ICML): golden-section search
 * on ln T in [−5, 5], where the loss is unimodal. 1 with a single class.
 */
export const temperature = (labels: ReadonlyArray<Label>, logits: ReadonlyArray<number>): number => {
  if (!labels.includes(0) || !labels.includes(1)) return 1
  const cost = (t: number): number => {
    const scale = Math.exp(-t)
    let total = 0
    for (let row = 0; row < logits.length; row++) {
      const eta = (labels[row] === 1 ? -scale : scale) * logits[row]!
      total += Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))
    }
    return total
  }
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [-5, 5]
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)]
  let [costLeft, costRight] = [cost(left), cost(right)]
  while (high - low > 1e-9) {
    if (costLeft <= costRight) {
      ;[high, right, costRight] = [right, left, costLeft]
      left = high - golden * (high - low)
      costLeft = cost(left)
    } else {
      ;[low, left, costLeft] = [left, right, costRight]
      right = low + golden * (high - low)
      costRight = cost(right)
    }
  }
  return Math.exp((low + high) / 2)
}

/**
 * What to add to the logits of a model trained where a share `trained` of the rows was positive, to use it where `natural`
 * are: logit(natural) − logit(trained) (Saerens, Latinne & Decaestecker 2002, Neural Computation 14:21). Both in (0, 1).
 */
export const priorShift = (trained: number, natural: number): number => logit(natural) - logit(trained)
