import { readFileSync } from "node:fs"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { auc } from "../../src/statistics/delong.ts"
import { averagePrecision, precisionRecall } from "../../src/statistics/precision-recall.ts"
import {
  partialAuc,
  rocCurve,
  rocVertices,
  sensitivityAtSpecificity,
  specificityAtSensitivity
} from "../../src/statistics/roc.ts"
import { youdenThreshold } from "../../src/statistics/threshold.ts"
import type { Label } from "../../src/statistics/types.ts"
import { tiedScores } from "./samples.ts"

const trapezoid = (points: ReadonlyArray<{ fpr: number; tpr: number }>): number =>
  points.slice(1).reduce((area, p, at) => area + ((p.fpr - points[at]!.fpr) * (p.tpr + points[at]!.tpr)) / 2, 0)

describe("the ROC curve", () => {
  it("has the area that the ranks give, also when only its corners are kept", () => {
    fc.assert(
      fc.property(tiedScores(1), ({ labels, columns: [scores] }) => {
        const curve = rocCurve(labels, scores!)
        const vertices = rocVertices(curve)
        const area = auc(labels, scores!)!.value
        expect(trapezoid(vertices)).toBeCloseTo(area, 12)
        expect(partialAuc(curve, 0).area).toBeCloseTo(area, 12)
        expect(vertices[0]).toEqual({ fpr: 0, tpr: 0, threshold: null })
        expect(vertices.at(-1)).toMatchObject({ fpr: 1, tpr: 1 })
      })
    )
  })

  it("interpolates between the points about a specificity, and takes the best of those at it", () => {
    // From the top: +, −, (+ −) tied, −, +: (0, 1/3), (1/4, 1/3), (2/4, 2/3), (3/4, 2/3) ...
    const curve = rocCurve([1, 0, 1, 0, 0, 1, 0], [9, 8, 7, 7, 6, 5, 4])
    expect(sensitivityAtSpecificity(curve, 0.75)).toBeCloseTo(1 / 3, 14)
    expect(sensitivityAtSpecificity(curve, 0.625)).toBeCloseTo(1 / 2, 14)
    expect(sensitivityAtSpecificity(curve, 0.9)).toBeCloseTo(1 / 3, 14)
    expect(sensitivityAtSpecificity(curve, 1)).toBeCloseTo(1 / 3, 14)
    expect(specificityAtSensitivity(curve, 1 / 3)).toBe(1)
    expect(specificityAtSensitivity(curve, 0.5)).toBeCloseTo(0.625, 14)
    expect(specificityAtSensitivity(curve, 0.9)).toBeCloseTo(0.25, 14)
    expect(specificityAtSensitivity(curve, 1)).toBeCloseTo(0.25, 14)
  })

  it("has no rates with a single class", () => {
    expect(sensitivityAtSpecificity(rocCurve([1, 1], [1, 2]), 0.9)).toBeNaN()
    expect(partialAuc(rocCurve([0, 0], [1, 2]), 0.8).area).toBeNaN()
  })
})

/**
 * Of `a` in the cases of fixtures/statistics/roc.json, by pROC 1.18: partial AUC over sensitivities 0.8 to 1, plain and
 * corrected; specificity at sensitivity 0.9 and 0.8; Youden's threshold.
 */
const PROC = [
  [0.12, 0.777777777777778, 0.65, 0.9, 0.670351864151651],
  [0.0472222222222222, 0.575617283950617, 0.272222222222222, 0.544444444444444, 0.868430559124072],
  [0.075072, 0.652977777777778, 0.410666666666667, 0.557333333333333, 0.625278032472989],
  [0.0494444444444444, 0.58179012345679, 0.216666666666667, 0.533333333333333, 0.55],
  [0.0747759674134419, 0.652155465037339, 0.37387983706721, 0.441242362525458, 0.75],
  [0.184444444444444, 0.95679012345679, 0.922222222222222, 0.955555555555555, 0.75]
]

describe("by pROC", () => {
  const file = new URL("../fixtures/statistics/roc.json", import.meta.url)
  const cases: ReadonlyArray<{ labels: Array<Label>; a: Array<number> }> = JSON.parse(readFileSync(file, "utf8"))

  it.each(cases.map(({ labels, a }, at) => ({ labels, a, expected: PROC[at]! })))(
    "partial areas, specificities and Youden's threshold of case %#",
    ({ labels, a, expected }) => {
      const curve = rocCurve(labels, a)
      const { area, corrected } = partialAuc(curve, 0.8)
      const ours = [
        area,
        corrected,
        specificityAtSensitivity(curve, 0.9),
        specificityAtSensitivity(curve, 0.8),
        youdenThreshold(labels, a)
      ]
      for (const [at, value] of expected.entries()) expect(ours[at]).toBeCloseTo(value, 12)
    }
  )
})

describe("the partial area", () => {
  it("is 1 of a perfect model and 0.5 of a useless one after McClish's correction", () => {
    expect(partialAuc(rocCurve([0, 0, 1, 1], [1, 2, 3, 4]), 0.8).corrected).toBeCloseTo(1, 14)
    expect(partialAuc(rocCurve([0, 1, 0, 1], [1, 1, 1, 1]), 0.8).corrected).toBeCloseTo(0.5, 14)
  })

  it("cuts a step at the floor", () => {
    // One step from sensitivity 1/2 at specificity 1 to sensitivity 1 at specificity 1/2.
    const curve = rocCurve([1, 1, 0, 0], [3, 2, 2, 1])
    expect(partialAuc(curve, 0.75).area).toBeCloseTo(((0.75 + 0.5) / 2) * 0.25, 14)
  })
})

describe("average precision", () => {
  it("is Σ ΔR · P by hand, with tied scores as one step", () => {
    const curve = rocCurve([1, 0, 1, 1, 0], [5, 4, 3, 2, 2])
    expect(averagePrecision(curve)).toBeCloseTo((1 / 3) * 1 + (1 / 3) * (2 / 3) + (1 / 3) * (3 / 5), 14)
  })

  it("of a constant score is the prevalence, without positives nothing", () => {
    expect(averagePrecision(rocCurve([1, 0, 0, 0], [1, 1, 1, 1]))).toBe(0.25)
    expect(averagePrecision(rocCurve([0, 0], [1, 2]))).toBeNull()
    expect(precisionRecall(rocCurve([0, 0], [1, 2]))).toEqual([])
  })

  it("has its curve end at full recall and the prevalence", () => {
    fc.assert(
      fc.property(tiedScores(1), ({ labels, columns: [scores] }) => {
        const points = precisionRecall(rocCurve(labels, scores!))
        const prevalence = labels.filter((label) => label === 1).length / labels.length
        expect(points.at(-1)!.recall).toBe(1)
        expect(points.at(-1)!.precision).toBeCloseTo(prevalence, 14)
        for (let at = 1; at < points.length; at++) {
          expect(points[at]!.recall).toBeGreaterThanOrEqual(points[at - 1]!.recall)
        }
      })
    )
  })
})
