import { describe, expect, it } from "@effect/vitest"
import {
  count,
  fixed,
  interval,
  list,
  percent,
  plural,
  pValue,
  scientific,
  signed,
  significant
} from "../../src/report/format.ts"

describe("numbers as they are printed", () => {
  it("has a true minus sign and no minus zero", () => {
    expect(fixed(-0.01234)).toBe("−0.012")
    expect(fixed(-0.0001)).toBe("0.000")
    expect(fixed(-0.4, 0)).toBe("0")
    expect(signed(0.0123)).toBe("+0.012")
    expect(signed(0.0001)).toBe("0.000")
    expect(signed(-0.0123)).toBe("−0.012")
  })

  it("keeps three significant digits", () => {
    expect([0.04123, 0.972, 1.234, 31.2, 345.6, 10404, 0, -0.0312].map((value) => significant(value))).toEqual([
      "0.0412",
      "0.972",
      "1.23",
      "31.2",
      "346",
      "10,404",
      "0.00",
      "−0.0312"
    ])
  })

  it("prints a dash where a figure is undefined", () => {
    expect([fixed(null), signed(undefined), percent(null), interval(null, 1), pValue(null), count(Number.NaN)]).toEqual(
      Array.from({ length: 6 }, () => "–")
    )
  })

  it("groups thousands, agrees in number, and never prints p = 0", () => {
    expect([count(10015), count(999), count(1234567), count(-1234)]).toEqual(["10,015", "999", "1,234,567", "−1,234"])
    expect([plural(1, "seed"), plural(3, "seed")]).toEqual(["1\u00a0seed", "3\u00a0seeds"])
    expect([pValue(0.00002), pValue(0.0314), pValue(1)]).toEqual(["< 0.001", "0.031", "1.000"])
    expect([scientific(0.0001), scientific(0.001), scientific(0)]).toEqual(["1e−4", "0.001", "0"])
    expect([list(["a"]), list(["a", "b"]), list(["a", "b", "c"])]).toEqual(["a", "a and b", "a, b and c"])
  })
})
