import { assert, describe, it } from "@effect/vitest"
import { noiseField, smoothstep } from "../../src/procedural/noise.ts"
import { generator } from "../../src/random/generator.ts"

describe("a noise field", () => {
  const field = noiseField(generator("test"))
  const random = generator("points")
  const points = Array.from({ length: 200 }, () => [random.uniform(-300, 300), random.uniform(-300, 300)] as const)

  it("is bounded, smooth and repeats every 128", () => {
    for (const [x, y] of points) {
      const value = field(x, y)
      assert.isAtMost(Math.abs(value), 1)
      assert.isBelow(Math.abs(field(x + 1e-4, y + 1e-4) - value), 1e-3)
      assert.closeTo(field(x + 128, y - 128), value, 1e-6)
    }
  })
  it("varies", () => {
    const values = points.map(([x, y]) => field(x, y))
    assert.isAbove(Math.max(...values) - Math.min(...values), 1)
  })
})

describe("smoothstep", () => {
  it("goes from 0 to 1", () => {
    assert.deepStrictEqual(
      [0, 1, 2, 3, 4].map((x) => smoothstep(1, 3, x)),
      [0, 0, 0.5, 1, 1]
    )
  })
})
