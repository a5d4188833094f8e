import { describe, expect, it } from "@effect/vitest"
import { generator } from "../../src/random/generator.ts"
import { heightAt, verticalMean } from "../../src/report/charts/curve.ts"
import { rocBand } from "../../src/report/roc-band.ts"
import { rocCurve, rocVertices } from "../../src/statistics/roc.ts"
import type { Label, Predictions } from "../../src/statistics/types.ts"

const sample = (n: number, groupSize: number, seed: number): Predictions => {
  const random = generator("roc band test", seed)
  const label = Array.from({ length: n }, (): Label => (random.float() < 0.4 ? 1 : 0))
  return {
    id: label.map((_, row) => `image ${row}`),
    group: label.map((_, row) => `patient ${Math.floor(row / groupSize)}`),
    origin: label.map(() => "real"),
    label,
    // Rounded: ties between the classes make slanted pieces.
    logit: label.map((value) => Math.round((value * 1.2 + random.normal()) * 8) / 8)
  }
}

const curveOf = ({ label, logit }: Predictions) =>
  rocVertices(rocCurve(label, logit)).map(({ fpr, tpr }) => ({ x: fpr, y: tpr }))

const shuffled = (predictions: Predictions): Predictions => {
  const order = generator("roc band test", "order").shuffle(predictions.id.keys())
  return {
    id: order.map((row) => predictions.id[row]!),
    group: order.map((row) => predictions.group[row]!),
    origin: order.map((row) => predictions.origin[row]!),
    label: order.map((row) => predictions.label[row]!),
    logit: order.map((row) => predictions.logit[row]!)
  }
}

const width = (band: ReturnType<typeof rocBand>): number =>
  band!.reduce((sum, { high, low }) => sum + high - low, 0) / band!.length

describe("rocBand", () => {
  it("is the curve itself where every draw is the same", () => {
    const predictions = { ...sample(60, 1, 1), group: Array.from({ length: 60 }, () => "one patient") }
    const curve = curveOf(predictions)
    for (const { high, low, x } of rocBand([predictions], [], { replicates: 3 })!) {
      expect(low).toBe(high)
      expect(low).toBeCloseTo(heightAt(curve, x), 12)
    }
  })

  it("holds the curve, rises, and stays in [0, 1]", () => {
    const runs = [1, 2, 3].map((seed) => ({
      ...sample(200, 1, 1),
      logit: sample(200, 1, 1).logit.map((z, i) => z + 0.3 * generator("noise", seed, i).normal())
    }))
    const band = rocBand(runs, [])!
    const mean = verticalMean(runs.map(curveOf), 100)
    band.forEach(({ high, low }, index) => {
      expect(low).toBeLessThanOrEqual(mean[index]!.y + 1e-12)
      expect(high).toBeGreaterThanOrEqual(mean[index]!.y - 1e-12)
      expect(low).toBeGreaterThanOrEqual(band[index - 1]?.low ?? 0)
      expect(high).toBeLessThanOrEqual(1)
    })
  })

  it("does not depend on the order of the rows", () => {
    const predictions = sample(120, 3, 5)
    expect(rocBand([shuffled(predictions)], [])).toEqual(rocBand([predictions], []))
  })

  it("is narrower with more images and wider where patients repeat", () => {
    expect(width(rocBand([sample(1600, 1, 7)], []))).toBeLessThan(0.7 * width(rocBand([sample(200, 1, 7)], [])))
    const doubled = sample(200, 1, 8)
    const twice: Predictions = {
      id: [...doubled.id, ...doubled.id.map((id) => `${id} again`)],
      group: [...doubled.group, ...doubled.group],
      origin: [...doubled.origin, ...doubled.origin],
      label: [...doubled.label, ...doubled.label],
      logit: [...doubled.logit, ...doubled.logit]
    }
    // The same images under the same patients tell nothing new.
    expect(width(rocBand([twice], []))).toBeCloseTo(width(rocBand([doubled], [])), 12)
  })

  it("is null for a single class", () => {
    expect(rocBand([{ ...sample(20, 1, 9), label: Array.from({ length: 20 }, (): Label => 1) }], [])).toBeNull()
  })
})
