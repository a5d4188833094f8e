import { describe, expect, it } from "@effect/vitest"
import { toText } from "../../../src/report/html.ts"
import { meanOf } from "../../../src/report/sections/arms.ts"
import { auditRows, data } from "../../../src/report/sections/data.ts"
import { frozenLayers } from "../../../src/report/sections/frozen-layers.ts"
import { flatten } from "../../../src/report/sections/provenance.ts"
import { subgroups } from "../../../src/report/sections/subgroups.ts"
import { keptTable } from "../../../src/report/sections/training.ts"
import { comparison, history, reportInput, threeArms } from "../fixture.ts"

/** The cells of the body rows of every table in a piece of markup. */
const cells = (markup: string): Array<Array<string>> =>
  [...markup.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => cell!.replace(/<[^>]*>/g, ""))
  )

describe("configuration as lines", () => {
  it("names every leaf by its path", () => {
    expect(flatten({ a: { b: 1, c: [1, 2], d: [{ e: null }, { e: [1] }] }, f: {}, g: [] })).toEqual([
      ["a.b", "1"],
      ["a.c", "1, 2"],
      ["a.d.0", '{ "e": null }'],
      ["a.d.1", '{ "e": [ 1 ] }'],
      ["f", "none"],
      ["g", "none"]
    ])
    expect(flatten("b3")).toEqual([["", "b3"]])
  })
})

describe("the data", () => {
  it("counts every image once, by split, origin and class", () => {
    const input = reportInput(threeArms.slice(0, 2), [0])
    const rows = cells(toText(data(input).body([])))
    expect(rows).toContainEqual(["train", "real", "461", "245", "706", "706"])
    expect(rows).toContainEqual(["train", "synthetic", "0", "245", "245", "–"])
    expect(rows).toContainEqual(["test", "real", "127", "69", "196", "196"])
    expect(rows.filter(([split, origin]) => split === "test" && origin === "synthetic")).toEqual([])
  })

  it("says what was not checked, and never calls that none", () => {
    const { audit } = comparison(threeArms.slice(0, 2), [0])
    const rows = new Map(
      auditRows({
        ...audit,
        groupOverlaps: null,
        generator: { ...audit.generator, provenance: "unknown", images: null }
      })
    )
    expect(rows.get("Groups in more than one split")).toBe("not checked: not given")
    expect(rows.get("Images in more than one split")).toBe("none")
    expect(new Map(auditRows({ ...audit, groupOverlaps: 2 })).get("Groups in more than one split")).toBe(
      "2\u00a0groups, let through by name"
    )
    const trainedOn = "What the generator was trained on"
    expect(rows.get(trainedOn)).toContain("unknown")
    const partial = new Map(auditRows({ ...audit, generator: { ...audit.generator, images: 47, missing: 198 } }))
    expect(partial.get(trainedOn)).toContain("47 of 245 are in train, none in validation or test; 198 are not in this")
    const leaked = { ...audit.generator, provenance: "leaked" as const, leaked: 2 }
    expect(new Map(auditRows({ ...audit, generator: leaked })).get(trainedOn)).toBe(
      "the generator saw 2 validation or test images, let through by name"
    )
  })
})

describe("means over seeds", () => {
  it("are undefined where one seed's figure is", () => {
    const arm = comparison(threeArms.slice(0, 2), [0, 1]).arms[0]!
    const [first, second] = arm.seeds.map(({ metrics }) => metrics.loss)
    expect(meanOf(arm, (metrics) => metrics.loss)).toBeCloseTo((first! + second!) / 2, 12)
    expect(meanOf(arm, (metrics) => (metrics.loss === first ? null : metrics.loss))).toBeNull()
  })
})

describe("the frozen-layers table", () => {
  it("stands beside the published one, row by row", () => {
    const input = reportInput(threeArms.slice(0, 2), [0])
    const row = { frozenLayers: 20, trainLoss: 0.5, trainAccuracy: 0.75, validationLoss: null, validationAccuracy: 0.7 }
    const rows = cells(toText(frozenLayers({ ...input, frozenLayers: [row] })!.body([]))).slice(1)
    expect(rows.map(([frozen]) => frozen)).toEqual(["22", "20", "19", "18", "17"])
    expect(rows[0]).toEqual(["22", "–", "–", "–", "–", "0.30", "0.87", "0.34", "0.87"])
    expect(rows[1]).toEqual(["20", "0.50", "0.75", "–", "0.70", "–", "–", "–", "–"])
    expect(frozenLayers(input)).toBeNull()
  })
})

describe("subgroups", () => {
  it("gives the reason where a subgroup is too small to test", () => {
    const whole = comparison(threeArms.slice(0, 2), [0])
    const small = {
      attribute: "site",
      level: "palm",
      n: 2,
      positives: 0,
      delta: null,
      low: null,
      high: null,
      p: null,
      holm: null,
      reason: "one class"
    }
    const pairs = whole.pairs.map((pair) => ({ ...pair, subgroups: [small] }))
    const section = subgroups({ ...whole, pairs })!
    expect(section.figures[0]!.data!.rows[0]).toEqual([
      "site: palm",
      whole.pairs[0]!.arm,
      "2",
      "0",
      "one class",
      "–",
      "–",
      "–"
    ])
    expect(subgroups({ ...whole, pairs: whole.pairs.map((pair) => ({ ...pair, subgroups: [] })) })).toBeNull()
  })
})

describe("the kept epochs", () => {
  it("shows the figures of the best epoch, found by its number", () => {
    const run = history(threeArms[0]!, 3)
    const best = run.epochs.find((epoch) => epoch.epoch === run.bestEpoch)!
    const [row] = keptTable([run]).rows
    expect(row!.slice(1, 4)).toEqual(["3", String(run.bestEpoch), "24"])
    expect(row![7]).toBe(best.validationLoss!.toFixed(3))
  })
})
