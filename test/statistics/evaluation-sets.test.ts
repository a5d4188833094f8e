import { describe, expect, it } from "@effect/vitest"
import { type EvaluationRow, setDifference, UnequalEvaluations } from "../../src/statistics/evaluation-sets.ts"

const rows = (...ids: ReadonlyArray<string>): ReadonlyArray<EvaluationRow> =>
  ids.map((id) => ({ id, label: 0, group: `p${id}` }))

describe("the difference of two evaluation sets", () => {
  it("is the rows that only one has, and those whose label or group is another", () => {
    const changed = [
      ...rows("b"),
      { id: "c", label: 1 as const, group: "pc" },
      { id: "d", label: 0 as const, group: "x" }
    ]
    expect(setDifference(rows("a", "b", "c", "d"), [...changed, ...rows("e")])).toEqual({
      images: 4,
      added: ["e"],
      missing: ["a"],
      other: ["c", "d"]
    })
  })

  it("is none of the same rows in another order", () => {
    expect(setDifference(rows("a", "b"), rows("b", "a"))).toEqual({ images: 2, added: [], missing: [], other: [] })
  })

  it("is told with counts and the first rows", () => {
    const ids = Array.from({ length: 8 }, (_, at) => `i${at}`)
    const error = new UnequalEvaluations({
      first: "evaluate:real:1",
      sets: [
        {
          evaluations: ["evaluate:gan:1", "evaluate:gan:2"],
          nodes: "split:other",
          test: setDifference(rows("a", "b"), rows("b", ...ids)),
          validation: setDifference(rows("v"), rows("v"))
        }
      ]
    })
    expect(error.message.split("\n").slice(0, 4)).toEqual([
      "the evaluations of the arms: they differ from evaluate:real:1",
      "    evaluate:gan:1, evaluate:gan:2: split:other",
      "      test images: 8 only there (i0, i1, i2, i3, i4, …), 1 only in evaluate:real:1 (a); 9 in all",
      "      validation images: the same 1"
    ])
    expect(error.message).toContain("mend: ")
  })
})
