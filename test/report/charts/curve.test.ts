import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { corners, heightAt, type Point, verticalMean } from "../../../src/report/charts/curve.ts"
import { rocCurve, rocVertices } from "../../../src/statistics/roc.ts"
import type { Label } from "../../../src/statistics/types.ts"

const Case = Schema.Struct({ positive: Schema.Boolean, score: Schema.Literals([0, 1, 2, 3, 4, 5, 6, 7]) })

const area = (points: ReadonlyArray<Point>): number =>
  points.slice(1).reduce((sum, { x, y }, index) => sum + ((x - points[index]!.x) * (y + points[index]!.y)) / 2, 0)

const curveOf = (cases: ReadonlyArray<typeof Case.Type>): Array<Point> => {
  const label: Array<Label> = [...cases.map(({ positive }): Label => (positive ? 1 : 0)), 0, 1]
  const curve = rocVertices(rocCurve(label, [...cases.map(({ score }) => score), 3, 4]))
  return curve.map(({ fpr, tpr }) => ({ x: fpr, y: tpr }))
}

describe("a drawn ROC curve", () => {
  it.prop("has the same area and ends with its corners alone", [Schema.Array(Case)], ([cases]) => {
    const curve = curveOf(cases)
    const drawn = corners(curve)
    expect(area(drawn)).toBeCloseTo(area(curve), 12)
    expect([drawn[0], drawn.at(-1)]).toEqual([
      { x: 0, y: 0 },
      { x: 1, y: 1 }
    ])
  })

  it.prop("averages to itself over equal curves, whether thinned or not", [Schema.Array(Case)], ([cases]) => {
    const curve = curveOf(cases)
    for (const { x, y } of verticalMean([curve, corners(curve), curve], 40))
      expect(y).toBeCloseTo(heightAt(curve, x), 10)
  })
})

describe("heightAt", () => {
  const curve = [
    { x: 0, y: 0 },
    { x: 0, y: 0.5 },
    { x: 0.5, y: 0.75 },
    { x: 0.5, y: 0.25 },
    { x: 1, y: 1 }
  ]

  it("is linear between points and takes the last point of a vertical piece", () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((x) => heightAt(curve, x))).toEqual([0.5, 0.625, 0.25, 0.625, 1])
  })

  it("is the first point's height left of it, and the last one's right of it", () => {
    expect(
      heightAt(
        [
          { x: 0.2, y: 0.9 },
          { x: 0.8, y: 0.3 }
        ],
        0.1
      )
    ).toBe(0.9)
    expect(
      heightAt(
        [
          { x: 0.2, y: 0.9 },
          { x: 0.8, y: 0.3 }
        ],
        0.9
      )
    ).toBe(0.3)
  })
})
