import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { type ForestRow, forest, forestDomain } from "../../../src/report/charts/forest.ts"
import { shorten } from "../../../src/report/charts/layers.ts"
import { meanBenefit } from "../../../src/report/charts/net-benefit.ts"
import { pooled } from "../../../src/report/charts/reliability.ts"
import { loss, quantityDomain } from "../../../src/report/charts/training.ts"
import { comparison, history, threeArms } from "../fixture.ts"

const row = (value: number | null, low: number | null, high: number | null): ForestRow => ({
  label: "",
  value,
  low,
  high,
  text: "",
  colour: "",
  kind: "part"
})

describe("forestDomain", () => {
  it("holds every interval and what is always shown, with room", () => {
    const [low, high] = forestDomain([row(0.1, -0.2, 0.4), row(null, null, null)], [-0.5, 0.1])
    expect(low).toBeLessThan(-0.5)
    expect(high).toBeGreaterThan(0.4)
    expect(forestDomain([row(null, null, null)], [])).toEqual([0, 1])
    const [from, to] = forestDomain([row(1, 1, 1)], [])
    expect(to).toBeGreaterThan(from)
  })
})

describe("forest", () => {
  const named = (label: string, text: string): ForestRow => ({ ...row(0.1, -0.2, 0.4), label, text })
  const rows = [
    named("site: lower extremity (12 of 33)", "fewer than 5 groups of a class"),
    named("sex: male (3 of 9)", "+0.100 [−0.200, +0.400]")
  ]
  const options = {
    title: "Difference of ROC AUC, an arm of a long name − real",
    domain: [-1, 1],
    format: "+.2f"
  } as const

  it.each(["wide", "narrow"] as const)("%s: prints every name and reason in full", (layout) => {
    const drawn = JSON.stringify(forest(rows, options, layout))
    for (const { label, text } of rows) {
      expect(drawn).toContain(`"text":"${label}"`)
      expect(drawn).toContain(`"text":"${text}"`)
    }
    expect(drawn).not.toContain("…")
  })
})

describe("shorten", () => {
  it.prop("keeps a beginning, and all of it where there is room", [Schema.String], ([text]) => {
    const short = shorten(text, 100)
    expect(short === text || (short.endsWith("…") && text.startsWith(short.slice(0, -1)))).toBe(true)
    expect(shorten(text, 12 * (2 * text.length + 1))).toBe(text)
  })

  it("cuts by width, not by count", () => {
    expect(shorten("i".repeat(20), 100)).toBe("i".repeat(20))
    expect(shorten("W".repeat(20), 100)).toBe(`${"W".repeat(9)}…`)
    expect(shorten("黒色腫".repeat(4), 100)).toBe("黒色腫黒色腫黒…")
  })
})

describe("pooled reliability", () => {
  it("keeps every image and every positive", () => {
    const seeds = comparison(threeArms.slice(0, 2), [0, 1]).arms[0]!.seeds.map(({ metrics }) => metrics)
    const points = pooled(seeds.map((metrics) => metrics.reliability))
    const images = points.reduce((sum, point) => sum + point.count, 0)
    const positives = points.reduce((sum, point) => sum + point.count * point.y, 0)
    expect(images).toBe(seeds.reduce((sum, metrics) => sum + metrics.n, 0))
    expect(positives).toBeCloseTo(
      seeds.reduce((sum, metrics) => sum + metrics.positives, 0),
      9
    )
    expect(points.map((point) => point.x)).toEqual(points.map((point) => point.x).sort((a, b) => a - b))
  })
})

describe("meanBenefit", () => {
  it("lies between the seeds' curves at every threshold", () => {
    const arm = comparison(threeArms.slice(0, 2), [0, 1]).arms[0]!
    for (const [index, { x, y }] of meanBenefit(arm).entries()) {
      const values = arm.seeds.map(({ metrics }) => metrics.netBenefit[index]!)
      expect(values.every(({ threshold }) => threshold === x)).toBe(true)
      expect(y).toBeGreaterThanOrEqual(Math.min(...values.map(({ model }) => model)) - 1e-12)
      expect(y).toBeLessThanOrEqual(Math.max(...values.map(({ model }) => model)) + 1e-12)
    }
  })
})

describe("quantityDomain", () => {
  it("holds training and validation of every run and stays within the limits", () => {
    const runs = threeArms.map((arm) => history(arm, 0))
    const [low, high] = quantityDomain(runs, loss, [0, Number.POSITIVE_INFINITY])
    const values = runs.flatMap((run) => run.epochs.flatMap((epoch) => [epoch.trainLoss!, epoch.validationLoss!]))
    expect(low).toBeGreaterThanOrEqual(0)
    expect(low).toBeLessThanOrEqual(Math.min(...values))
    expect(high).toBeGreaterThanOrEqual(Math.max(...values))
    expect(quantityDomain([], loss, [0, 1])).toEqual([0, 1])
  })
})
