import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { distance, nearest } from "../../src/dag/suggest.ts"

describe("distance", () => {
  it("counts insertions, deletions, substitutions and swaps", () => {
    expect(distance("model", "model")).toBe(0)
    expect(distance("modle", "model")).toBe(1)
    expect(distance("mode", "model")).toBe(1)
    expect(distance("kitten", "sitting")).toBe(3)
    expect(distance("", "abc")).toBe(3)
  })

  it("is a symmetric distance, zero for equal texts only, at most the longer's length", () => {
    const text = fc.string({ maxLength: 8 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const d = distance(a, b)
        expect(d).toBe(distance(b, a))
        expect(d === 0).toBe(a === b)
        expect(d).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
        expect(d).toBeLessThanOrEqual(Math.max(a.length, b.length))
      })
    )
  })
})

describe("nearest", () => {
  it("finds what was meant, and nothing where nothing is near", () => {
    const known = ["ingest", "split", "fine-tune", "evaluate"]
    expect(nearest("injest", known)).toBe("ingest")
    expect(nearest("EVALUATE", known)).toBe("evaluate")
    expect(nearest("eval", known)).toBe("evaluate")
    expect(nearest("report", known)).toBeUndefined()
  })
})
