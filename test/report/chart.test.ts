import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { TopLevelSpec } from "vega-lite"
import { draw, standalone } from "../../src/report/chart.ts"

const clipped: TopLevelSpec = {
  width: 100,
  height: 100,
  data: {
    values: [
      { x: 0, y: 1 / 3 },
      { x: 5, y: 2 }
    ]
  },
  mark: { type: "line", clip: true },
  encoding: {
    x: { field: "x", type: "quantitative", scale: { domain: [0, 1] } },
    y: { field: "y", type: "quantitative" }
  }
}

describe("draw", () => {
  it.effect("gives the same bytes again, whatever was drawn before", () =>
    Effect.gen(function* () {
      const first = yield* draw({ name: "a", spec: clipped })
      yield* draw({ name: "b", spec: clipped })
      expect(yield* draw({ name: "a", spec: clipped })).toEqual(first)
    })
  )

  it.effect("names ids after the chart, and every reference has its target", () =>
    Effect.gen(function* () {
      const { svg } = yield* draw({ name: "curve", spec: clipped })
      const ids = [...svg.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1])
      const references = [...svg.matchAll(/url\(#([^)]*)\)/g)].map((match) => match[1])
      expect(ids.length).toBeGreaterThan(0)
      expect(ids.every((id) => id?.startsWith("curve-"))).toBe(true)
      expect(references.every((reference) => ids.includes(reference))).toBe(true)
    })
  )

  it.effect("writes text from outside as text", () =>
    Effect.gen(function* () {
      const spec: TopLevelSpec = { data: { values: [{}] }, mark: { type: "text", text: "<script>&\"'</script>" } }
      const { svg } = yield* draw({ name: "text", spec })
      expect(svg).toContain("&lt;script&gt;&amp;")
      expect(svg).not.toContain("<script")
    })
  )

  it.effect("refuses to load anything, by name", () =>
    Effect.gen(function* () {
      const spec: TopLevelSpec = { data: { url: "http://127.0.0.1:1/data.json" }, mark: "point" }
      const error = yield* Effect.flip(draw({ name: "outside", spec }))
      expect(error._tag).toBe("ReportError")
      expect(error.message).toContain('chart "outside"')
    })
  )

  it.effect("carries its colours into a file of its own", () =>
    Effect.gen(function* () {
      const file = standalone(yield* draw({ name: "file", spec: clipped }), "a < b")
      expect(file).toContain("<title>a &lt; b</title>")
      expect(file).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
      for (const [, name] of file.matchAll(/var\((--[a-z0-9-]+)\)/g)) expect(file).toContain(`${name}:`)
    })
  )
})
