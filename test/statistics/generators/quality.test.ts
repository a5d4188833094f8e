import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { limitRows, takeRows } from "../../../src/statistics/generators/features.ts"
import { GeneratorQuality, generatorQuality } from "../../../src/statistics/generators/quality.ts"
import { cloud } from "./clouds.ts"

describe("all measures of a generator", () => {
  const training = cloud(60, 8, 0, 1, "training")
  const input = {
    className: "malignant",
    featureSpace: "test",
    training,
    synthetic: cloud(50, 8, 1, 1, "synthetic"),
    heldOut: cloud(30, 8, 0, 1, "held out"),
    key: ["quality"]
  }

  it("are plain JSON, with their sizes", () => {
    const found = generatorQuality(input)
    expect(Schema.decodeUnknownSync(GeneratorQuality)(JSON.parse(JSON.stringify(found)))).toEqual(found)
    expect(found).toMatchObject({ real: 60, synthetic: 50, fid: { real: 60, synthetic: 50 } })
    expect(found.kid!.value).toBeGreaterThan(2 * found.kid!.se)
    expect(found.realVersusFake.features!.value).toBeGreaterThan(0.9)
    expect(found.realVersusFake.spectrum).toBeNull()
    expect(found.memorisation!.nearest.length).toBe(24)
  })

  it("are null where there are too few images", () => {
    const few = generatorQuality({ ...input, synthetic: cloud(1, 8, 0, 1, "few"), heldOut: cloud(1, 8, 0, 1, "few") })
    expect(few).toMatchObject({ kid: null, fid: null, manifold: null, memorisation: null })
    expect(few.realVersusFake.features).toBeNull()
  })

  it("use at most so many rows, the same for the same key", () => {
    const { features, indices } = limitRows(training, 10, ["limit"])
    expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b))
    expect(features).toEqual(takeRows(training, indices))
    expect(limitRows(training, 10, ["limit"])).toEqual({ features, indices })
    expect(limitRows(training, 60, ["limit"]).features).toBe(training)
  })
})
