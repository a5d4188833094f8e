import { describe, expect, it } from "@effect/vitest"
import { warnings } from "../../src/report/warnings.ts"
import { fullInput, reportInput, threeArms } from "./fixture.ts"

describe("what is said beside the verdict", () => {
  const input = reportInput(threeArms.slice(0, 2), [0])
  const { comparison } = input
  const audit = { ...comparison.audit, generator: { provenance: "unknown" as const, images: null } }
  const synthetic = comparison.arms.map((arm) => ({ ...arm, training: { real: 10, synthetic: 10 } }))

  it("names an unknown provenance, but only where synthetic images were trained on", () => {
    expect(warnings({ ...input, comparison: { ...comparison, audit } })).toEqual([])
    const [warning] = warnings({ ...input, comparison: { ...comparison, audit, arms: synthetic } })
    expect(warning).toContain("Provenance unknown")
    expect(warnings({ ...input, comparison: { ...comparison, arms: synthetic } })).toEqual([])
  })

  it("names the shortcut that a network could take, with its AUC", async () => {
    const { generator } = await fullInput(threeArms.slice(0, 2), [0])
    expect(warnings({ ...input, generator: generator! })).toEqual([
      "Synthetic images (melanoma) can be told from real ones on high frequencies (AUC 0.987): a network may learn that difference in place of the disease."
    ])
  })
})
