import { describe, expect, it } from "@effect/vitest"
import { warnings } from "../../src/report/warnings.ts"
import { fullInput, reportInput, threeArms } from "./fixture.ts"

describe("what is said beside the verdict", () => {
  const input = reportInput(threeArms.slice(0, 2), [0])
  const { comparison } = input
  const audit = {
    ...comparison.audit,
    generator: { provenance: "unknown" as const, manifest: false, images: null, missing: 0, leaked: 0, copies: 0 }
  }
  const synthetic = comparison.arms.map((arm) => ({ ...arm, training: { real: 10, synthetic: 10 } }))

  it("names an unknown provenance, but only where synthetic images were trained on", () => {
    expect(warnings({ ...input, comparison: { ...comparison, audit } })).toEqual([])
    const [warning] = warnings({ ...input, comparison: { ...comparison, audit, arms: synthetic } })
    expect(warning).toContain("Provenance unknown")
    expect(warnings({ ...input, comparison: { ...comparison, arms: synthetic } })).toEqual([])
  })

  it("names a leak that was let through, and the images that could not be checked", () => {
    const said = (changes: Partial<typeof comparison.audit.generator>) => {
      const generator = { ...comparison.audit.generator, ...changes }
      return warnings({ ...input, comparison: { ...comparison, audit: { ...audit, generator }, arms: synthetic } })
    }
    expect(said({ provenance: "leaked", leaked: 1, copies: 2 })).toEqual([
      "The generator saw 1 validation or test image and 2 synthetic images show validation or test images, let through by name. The result may flatter the synthetic images."
    ])
    expect(said({ images: 47, missing: 198 })[0]).toContain("47 of 245 are in train")
    expect(said({ provenance: "unknown", manifest: true, images: 0, missing: 9 })[0]).toContain("none of the 9 images")
  })

  it("names the shortcut that a network could take, with its AUC", async () => {
    const { generator } = await fullInput(threeArms.slice(0, 2), [0])
    expect(warnings({ ...input, generator: generator! })).toEqual([
      "Synthetic images (melanoma) can be told from real ones on high frequencies (AUC 0.987): a network may learn that difference in place of the disease."
    ])
  })
})
