import { describe, expect, it } from "@effect/vitest"
import { fromArrow } from "arquero"
import { parse } from "csv-parse/sync"
import type { PredictionRun } from "../../src/report/input.ts"
import { predictionsArrow, predictionsCsv } from "../../src/report/predictions.ts"
import { sigmoid } from "../../src/statistics/numeric.ts"

const runs: ReadonlyArray<PredictionRun> = [
  {
    arm: 'real, "as is"',
    seed: 0,
    threshold: -0.4,
    temperature: 2,
    predictions: {
      id: ["a,b\n.png", "=1+1", "é"],
      group: ["p1", "p1", "p2"],
      origin: ["real", "real", "real"],
      label: [1, 0, 0],
      logit: [0.1 + 0.2, -0.4, -1e-17],
      attributes: { sex: ["female", null, "male"], label: ["x", "y", "z"] }
    }
  },
  {
    arm: "real + synthetic",
    seed: 7,
    threshold: 2,
    temperature: 0.5,
    predictions: { id: ["a"], group: ["p1"], origin: ["real"], label: [1], logit: [1.5] }
  }
]

describe("predictions as a table", () => {
  it("reads back from CSV as it was, numbers to the last bit", () => {
    const rows = parse(predictionsCsv(runs), { columns: true }) as Array<Record<string, string>>
    expect(rows).toHaveLength(4)
    expect(Object.keys(rows[0]!)).toEqual([
      "arm",
      "seed",
      "id",
      "group",
      "origin",
      "label",
      "logit",
      "probability",
      "calibrated",
      "called",
      "attribute.label",
      "sex"
    ])
    expect(rows.map((row) => [row.arm, row.id, row.sex])).toEqual([
      ['real, "as is"', "a,b\n.png", "female"],
      ['real, "as is"', "=1+1", ""],
      ['real, "as is"', "é", "male"],
      ["real + synthetic", "a", ""]
    ])
    expect(rows.map((row) => Number(row.logit))).toEqual(runs.flatMap((run) => run.predictions.logit))
    expect(rows.map((row) => Number(row.probability))).toEqual(
      runs.flatMap((run) => run.predictions.logit.map(sigmoid))
    )
  })

  it("has the calibrated probability of each run's own temperature beside the one that was trained", () => {
    const rows = parse(predictionsCsv(runs), { columns: true }) as Array<Record<string, string>>
    expect(rows.map((row) => Number(row.calibrated))).toEqual([0.15000000000000002, -0.2, -5e-18, 3].map(sigmoid))
  })

  it("calls positive from the threshold of the run, the threshold itself included", () => {
    const rows = parse(predictionsCsv(runs), { columns: true }) as Array<Record<string, string>>
    expect(rows.map((row) => row.called)).toEqual(["1", "1", "1", "0"])
  })

  it("is the same table in Arrow, byte for byte the same each time", () => {
    const bytes = predictionsArrow(runs)
    expect(predictionsArrow(runs)).toEqual(bytes)
    const back = fromArrow(bytes)
    expect(back.columnNames()).toHaveLength(12)
    expect([...back.array("id")]).toEqual(["a,b\n.png", "=1+1", "é", "a"])
    expect([...back.array("logit")]).toEqual(runs.flatMap((run) => run.predictions.logit))
    expect([...back.array("sex")]).toEqual(["female", null, "male", null])
  })
})
