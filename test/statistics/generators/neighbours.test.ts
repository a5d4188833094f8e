import { describe, expect, it } from "vitest"
import { takeRows } from "../../../src/statistics/generators/features.ts"
import { manifold } from "../../../src/statistics/generators/manifold.ts"
import { memorisation } from "../../../src/statistics/generators/memorisation.ts"
import { kthNearest, nearestIn } from "../../../src/statistics/generators/neighbours.ts"
import { cloud, points } from "./clouds.ts"

describe("nearest neighbours", () => {
  it("leave the point itself out", () => {
    expect([...kthNearest(points([0], [1], [3], [7]), 1)]).toEqual([1, 1, 2, 4])
    expect([...kthNearest(points([0], [1], [3], [7]), 2)]).toEqual([3, 2, 3, 6])
    expect([...kthNearest(points([0], [1]), 2)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
  })

  it("name the row and the distance", () => {
    const { index, distance } = nearestIn(points([0, 0], [9, 9]), points([3, 4], [9, 8]))
    expect([...index]).toEqual([0, 1])
    expect([...distance]).toEqual([5, 1])
  })
})

describe("precision, recall, density and coverage", () => {
  it("by hand on a line, k = 1", () => {
    // Real 0, 1, 10 with radii 1, 1, 9; synthetic 0.5, 1.5, 30 with radii 1, 1, 28.5.
    const found = manifold(points([0], [1], [10]), points([0.5], [1.5], [30]), 1)!
    // 0.5 lies in the balls of 0 and 1 and 10's reaches down to 1 only; 1.5 in those of 1 and 10; 30 in none.
    expect(found.precision).toBeCloseTo(2 / 3, 14)
    expect(found.density).toBeCloseTo((2 + 2 + 0) / 3, 14)
    expect(found.coverage).toBe(1)
    // 0 and 1 lie within 1 of 0.5; 10 within 28.5 of 30.
    expect(found.recall).toBe(1)
  })

  it("are about 1 for one distribution, and fall on the side that fails", () => {
    const real = cloud(200, 3, 0, 1, "real")
    const same = manifold(real, cloud(200, 3, 0, 1, "same"))!
    for (const value of [same.precision, same.recall, same.density, same.coverage]) expect(value).toBeGreaterThan(0.8)
    const narrow = manifold(real, cloud(200, 3, 0, 0.3, "narrow"))!
    expect(narrow.precision).toBeGreaterThan(0.9)
    expect(narrow.recall).toBeLessThan(0.5)
    const wide = manifold(real, cloud(200, 3, 0, 4, "wide"))!
    expect(wide.precision).toBeLessThan(0.5)
    expect(wide.recall).toBeGreaterThan(0.8)
    expect(manifold(real, cloud(200, 3, 30, 1, "far"))).toMatchObject({
      precision: 0,
      recall: 0,
      density: 0,
      coverage: 0
    })
    expect(manifold(cloud(5, 3, 0, 1, "few"), real)).toBeNull()
  })
})

describe("memorisation", () => {
  const [training, heldOut] = [cloud(150, 4, 0, 1, "training"), cloud(100, 4, 0, 1, "held out")]

  it("is not seen in fresh samples of the same distribution", () => {
    const fresh = memorisation(training, cloud(100, 4, 0, 1, "fresh"), heldOut)!
    expect(Math.abs(fresh.nearer.value - 0.5)).toBeLessThan(0.1)
    expect(fresh.authentic).toBeGreaterThan(0.4)
    expect(fresh.syntheticDistance / fresh.heldOutDistance).toBeCloseTo(1, 0)
  })

  it("is seen in copies, which are named", () => {
    const copied = Array.from({ length: 60 }, (_, at) => 2 * at)
    const copies = memorisation(training, takeRows(training, copied), heldOut)!
    expect(copies.nearer.value).toBe(1)
    expect(copies.authentic).toBe(0)
    expect(copies.syntheticDistance).toBe(0)
    expect(copies.nearest.map((pair) => pair.training)).toEqual(copied)
  })

  it("needs two rows of each", () => {
    expect(memorisation(training, points([1, 2, 3, 4]), heldOut)).toBeNull()
  })
})
