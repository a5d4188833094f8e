import { describe, expect, it } from "@effect/vitest"
import { modelCard, plain } from "../../src/report/model-card.ts"
import { reportInput, threeArms } from "./fixture.ts"

describe("the model card", () => {
  it("holds the verdict, every arm's AUC, the limits and the digests", () => {
    const input = reportInput()
    const card = modelCard(input)
    expect(card).toContain(plain(input.comparison.verdict.sentence))
    for (const arm of input.comparison.arms) expect(card).toContain(`| ${plain(arm.arm)} | ${arm.training.real} + `)
    for (const note of input.notes) expect(card).toContain(plain(note))
    for (const row of input.provenance) expect(card).toContain(row.digest)
    expect(card).not.toMatch(/NaN|undefined|Infinity/)
  })

  it("keeps its tables whole whatever the names are", () => {
    const hostile = ["a|b", "x\n\n# heading", "<script>[a](javascript:alert(1))`"]
    const card = modelCard(reportInput(threeArms.map((arm, index) => ({ ...arm, name: hostile[index]! }))))
    const columns = (line: string): number => line.replaceAll(/\\./g, "").split("|").length
    const lines = card.split("\n").filter((line) => line.startsWith("|"))
    for (const [index, line] of lines.entries())
      if (/^\|( --- \|)+$/.test(line)) {
        expect(columns(lines[index - 1]!)).toBe(columns(line))
        expect(columns(lines[index + 1]!)).toBe(columns(line))
      }
    expect(card.split("\n").filter((line) => line.startsWith("# "))).toHaveLength(1)
    expect(card).not.toMatch(/(?<!\\)(?:<script|\[a)/)
  })
})
