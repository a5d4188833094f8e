import { describe, expect, it } from "vitest"
import { mcnemar, wilson } from "../../src/statistics/proportion.ts"

describe("Wilson's interval", () => {
  it("equals R's prop.test(3, 20, correct = FALSE)", () => {
    const p = wilson(3, 20)!
    expect(p.value).toBe(0.15)
    expect(p.low).toBeCloseTo(0.0523687458962166, 12)
    expect(p.high).toBeCloseTo(0.3604188647407569, 12)
  })

  it("ends at the borders only where all or none succeed, and says nothing of no trials", () => {
    expect(wilson(0, 5)).toMatchObject({ value: 0, low: 0 })
    expect(wilson(5, 5)).toMatchObject({ value: 1, high: 1 })
    expect(wilson(5, 5)!.low).toBeCloseTo(1 - wilson(0, 5)!.high, 14)
    expect(wilson(0, 0)).toBeNull()
  })
})

describe("McNemar's exact test", () => {
  const test = (armOnly: number, referenceOnly: number) => {
    const arm = [...Array(armOnly).fill(true), ...Array(referenceOnly).fill(false), true, false]
    const reference = [...Array(armOnly).fill(false), ...Array(referenceOnly).fill(true), true, false]
    return mcnemar(arm, reference)
  }

  it("equals R's binom.test on the discordant cases", () => {
    expect(test(10, 2)).toMatchObject({ armOnly: 10, referenceOnly: 2 })
    expect(test(10, 2).p).toBeCloseTo(0.03857421875, 13)
    expect(test(0, 3).p).toBeCloseTo(0.25, 13)
  })

  it("is symmetric, and 1 without any preference", () => {
    expect(test(2, 10).p).toBe(test(10, 2).p)
    expect(test(4, 4).p).toBe(1)
    expect(test(0, 0).p).toBe(1)
  })
})
