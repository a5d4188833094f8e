import { describe, expect, it } from "vitest"
import type { AlignedArm } from "../../src/statistics/align.ts"
import { pairedDeLong } from "../../src/statistics/delong.ts"
import { subgroupDifferences } from "../../src/statistics/subgroups.ts"
import type { Label } from "../../src/statistics/types.ts"
import { cohort, logitsOf } from "./samples.ts"

const of = cohort(400, "subgroups")
const patient = of.group.map((name) => Number(name.slice(1)))
const site = patient.map((number) => (number < 160 ? "head" : number < 390 ? "torso" : number < 396 ? "palm" : null))
const sex = patient.map((number) => (number % 2 === 0 ? "f" : "m"))

/** An arm with a gain on the head alone. */
const armOf = (gain: number, name: string): AlignedArm => {
  const [plain, raised] = [logitsOf(of, { gain: 0 }, name), logitsOf(of, { gain }, name)]
  return {
    arm: { arm: name, description: name, training: { real: 1, synthetic: 0 }, runs: [] },
    seeds: [1],
    thresholds: [0],
    logits: [plain.map((logit, row) => (site[row] === "head" ? raised[row]! : logit))]
  }
}

describe("differences within subgroups", () => {
  const [arm, reference] = [armOf(1.5, "arm"), armOf(0, "reference")]
  const aligned = { label: of.label, group: of.group, attributes: { site, sex }, arms: [arm, reference] }
  const found = subgroupDifferences(aligned, arm, reference, { level: 0.95, replicates: 400, key: ["subgroups"] })
  const at = (level: string) => found.find((subgroup) => subgroup.level === level)!

  it("are given for every level there is, in order of attribute and name", () => {
    expect(found.map(({ attribute, level }) => `${attribute} ${level}`)).toEqual([
      "site head",
      "site palm",
      "site torso",
      "sex f",
      "sex m"
    ])
  })

  it("are those of the rows of the level", () => {
    const rows = site.flatMap((value, row) => (value === "head" ? [row] : []))
    const pick = <A>(column: ReadonlyArray<A>) => rows.map((row) => column[row]!)
    const alone = pairedDeLong(pick<Label>(of.label), pick(arm.logits[0]!), pick(reference.logits[0]!))!
    expect(at("head")).toMatchObject({ n: rows.length, delta: alone.delta, reason: null })
    expect(at("head").holm).toBeLessThan(0.001)
    expect(at("torso").holm).toBeGreaterThan(0.05)
  })

  it("are not guessed from a handful of groups, and are adjusted over those that are tested", () => {
    expect(at("palm")).toMatchObject({ delta: null, p: null, holm: null, reason: "fewer than 5 groups of a class" })
    const tested = found.filter(({ p }) => p !== null)
    const smallest = Math.min(...tested.map(({ p }) => p!))
    expect(tested).toHaveLength(3)
    expect(Math.min(...tested.map(({ holm }) => holm!))).toBeCloseTo(3 * smallest, 14)
  })
})
