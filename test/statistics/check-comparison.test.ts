import { assert, describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Arm, type ComparisonInput, checkComparison } from "../../src/statistics/check-comparison.ts"
import { checkSplits, type SplitRow } from "../../src/statistics/check-splits.ts"
import { compareArms } from "../../src/statistics/compare.ts"
import type { Predictions } from "../../src/statistics/types.ts"

const predictions: Predictions = {
  id: ["a", "b", "c", "d"],
  group: ["p1", "p2", "p3", "p4"],
  origin: ["real", "real", "real", "real"],
  label: [0, 1, 0, 1],
  logit: [0.1, 0.2, 0.3, 0.4]
}
const armOf = (arm: string, changes: Partial<Predictions> = {}, seed = 1): Arm => ({
  arm,
  description: arm,
  training: { real: 3, synthetic: arm === "gan" ? 2 : 0 },
  runs: [{ seed, threshold: 0, predictions: { ...predictions, ...changes } }]
})
const test = (id: string, group: string): SplitRow => ({ id, group, origin: "real", split: "test" })
const splits: ReadonlyArray<SplitRow> = [
  { id: "t1", group: "p8", origin: "real", split: "train" },
  { id: "t2", group: "p9", origin: "real", split: "train" },
  { id: "g1", group: "g1", origin: "synthetic", split: "train" },
  { id: "v1", group: "p7", origin: "real", split: "validation" },
  test("a", "p1"),
  test("b", "p2"),
  test("c", "p3"),
  test("d", "p4")
]
const valid: ComparisonInput = {
  reference: "real",
  arms: [armOf("real"), armOf("gan")],
  splits,
  generator: { trainedOn: ["t1", "t2"] }
}

describe("an audit", () => {
  it.effect("counts what was checked", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* checkComparison(valid), {
        images: 4,
        groups: 4,
        syntheticInEvaluation: 0,
        groupOverlaps: 0,
        imageOverlaps: 0,
        seeds: [1],
        generator: { provenance: "known", manifest: true, images: 2, missing: 0, leaked: 0, copies: 0 }
      })
    })
  )

  it.effect("says what could not be checked", () =>
    Effect.gen(function* () {
      const bare = yield* checkComparison({ reference: "real", arms: valid.arms })
      assert.deepInclude(bare, { groupOverlaps: null, imageOverlaps: null })
      assert.deepInclude(bare.generator, { provenance: "unknown", manifest: false, images: null })
      const unknown = yield* checkComparison({ ...valid, generator: { trainedOn: null } })
      assert.strictEqual(unknown.generator.provenance, "unknown")
      const none = yield* checkComparison({ reference: "real", arms: [armOf("real"), armOf("balanced")] })
      assert.strictEqual(none.generator.provenance, "none")
    })
  )
})

it.effect("groups in two splits that were let through are counted, and nothing else is let through with them", () =>
  Effect.gen(function* () {
    const leaking = [...splits, { id: "t3", group: "p1", origin: "real" as const, split: "train" as const }]
    const audit = yield* checkComparison({ ...valid, splits: leaking, overlapsLetThrough: true })
    assert.deepInclude(audit, { groupOverlaps: 1, imageOverlaps: 0 })
    // The generator's images are looked up all the same.
    assert.deepInclude(audit.generator, { provenance: "known", images: 2 })
    const twice = [...leaking, { id: "a", group: "p5", origin: "real" as const, split: "validation" as const }]
    const refused = yield* Effect.flip(checkComparison({ ...valid, splits: twice, overlapsLetThrough: true }))
    assert.deepStrictEqual(
      refused.violations.map(({ rule }) => rule),
      ["image-overlap"]
    )
  })
)

describe("the provenance of a generator", () => {
  const provenanceOf = (generator: ComparisonInput["generator"], changes: Partial<ComparisonInput> = {}) =>
    Effect.runSync(checkComparison({ ...valid, ...changes, ...(generator && { generator }) })).generator

  it("counts what of the manifest is not in this data set", () => {
    assert.deepInclude(provenanceOf({ trainedOn: ["t1"], missing: 4 }), { provenance: "known", images: 1, missing: 4 })
    assert.deepInclude(provenanceOf({ trainedOn: [], missing: 4 }), { provenance: "unknown", images: 0, missing: 4 })
  })

  it("is a leak where one was let through by name, with or without a manifest or splits", () => {
    const letThrough = { leaked: ["a"], copies: 0 }
    const leaked = { provenance: "leaked" as const, leaked: 1 }
    assert.deepInclude(provenanceOf({ trainedOn: ["t1", "a"], letThrough }), { ...leaked, images: 1 })
    assert.deepInclude(provenanceOf({ trainedOn: null, letThrough }), { ...leaked, manifest: false })
    const copied = provenanceOf({ trainedOn: ["t1"], letThrough: { leaked: [], copies: 2 } })
    assert.deepInclude(copied, { provenance: "leaked", leaked: 0, copies: 2 })
    const refused = Effect.flip(checkComparison({ ...valid, generator: { trainedOn: ["a", "b"], letThrough } }))
    assert.deepStrictEqual(Effect.runSync(refused).violations, [
      { rule: "generator-outside-train", rows: ["b (in test)"] }
    ])
  })
})

/** What a rule is broken by, and the row that must be named for it. */
const broken: ReadonlyArray<readonly [rule: string, row: RegExp, input: ComparisonInput]> = [
  [
    "synthetic-in-evaluation",
    /^b$/,
    { ...valid, arms: [armOf("real"), armOf("gan", { origin: ["real", "synthetic", "real", "real"] })] }
  ],
  [
    "synthetic-in-evaluation",
    /^g2 \(validation\)$/,
    { ...valid, splits: [...splits, { id: "g2", group: "g2", origin: "synthetic", split: "validation" }] }
  ],
  [
    "group-overlap",
    /^p1 in test and train$/,
    { ...valid, splits: [...splits, { id: "t3", group: "p1", origin: "real", split: "train" }] }
  ],
  [
    "image-overlap",
    /^a in test and validation$/,
    { ...valid, splits: [...splits, { id: "a", group: "p5", origin: "real", split: "validation" }] }
  ],
  ["generator-outside-train", /^a \(in test\)$/, { ...valid, generator: { trainedOn: ["t1", "a"] } }],
  ["generator-outside-train", /^x \(not in this data set\)$/, { ...valid, generator: { trainedOn: ["x"] } }],
  [
    "unequal-evaluation-sets",
    /^e only in gan, seed 1$/,
    { ...valid, arms: [armOf("real"), armOf("gan", { id: ["a", "b", "c", "e"] })] }
  ],
  [
    "unequal-evaluation-sets",
    /^d missing in gan, seed 1$/,
    { ...valid, arms: [armOf("real"), armOf("gan", { id: ["a", "b", "c", "e"] })] }
  ],
  [
    "unequal-evaluation-sets",
    /^b: label 0, group p2 in gan/,
    { ...valid, arms: [armOf("real"), armOf("gan", { label: [0, 0, 0, 1] })] }
  ],
  [
    "evaluation-outside-test",
    /^t1$/,
    { ...valid, arms: ["real", "gan"].map((arm) => armOf(arm, { id: ["a", "b", "c", "t1"] })) }
  ],
  ["missing-seeds", /^real lacks seed 2$/, { ...valid, arms: [armOf("real"), armOf("gan", {}, 2)] }],
  ["missing-seeds", /^gan has no run$/, { ...valid, arms: [armOf("real"), { ...armOf("gan"), runs: [] }] }],
  ["unknown-arm", /^reference other is not among real, gan$/, { ...valid, reference: "other" }],
  ["unknown-arm", /^real twice$/, { ...valid, arms: [armOf("real"), armOf("real")] }],
  ["unknown-arm", /^there must be an arm beside/, { ...valid, arms: [armOf("real")] }],
  [
    "too-few-groups",
    /^class 1$/,
    { ...valid, arms: ["real", "gan"].map((arm) => armOf(arm, { label: [0, 1, 0, 0] })) }
  ],
  [
    "too-few-groups",
    /^class 1$/,
    { ...valid, arms: ["real", "gan"].map((arm) => armOf(arm, { group: ["p1", "p2", "p3", "p2"] })) }
  ]
]

describe("a comparison is refused, with the offending rows,", () => {
  it.effect.each(broken)("for %s (%s)", ([rule, row, input]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(checkComparison(input))
      const rows = error.violations.find((violation) => violation.rule === rule)?.rows ?? []
      expect(rows).toContainEqual(expect.stringMatching(row))
      expect(error.message).toMatch(new RegExp(`${rule}: .*\\n[^]*→ `))
      assert.deepStrictEqual(yield* Effect.flip(compareArms(input, { margin: 0.01 })), error)
    })
  )

  it.effect("for splits alone, before anything is trained", () =>
    Effect.gen(function* () {
      yield* checkSplits(splits, { trainedOn: ["t1"] })
      const error = yield* Effect.flip(checkSplits([...splits, { ...splits[0]!, id: "n", split: "test" }]))
      assert.strictEqual(error._tag, "InvalidComparison")
      assert.deepStrictEqual(error.violations, [{ rule: "group-overlap", rows: ["p8 in test and train"] }])
    })
  )

  it("in a message of a screen, however many rows there are", () => {
    const many = Array.from({ length: 500 }, (_, at): SplitRow => ({ ...splits[2]!, id: `s${at}`, split: "test" }))
    const error = Effect.runSync(Effect.flip(checkSplits(many)))
    assert.strictEqual(error.violations.find(({ rule }) => rule === "synthetic-in-evaluation")!.rows.length, 500)
    expect(error.message.split("\n").length).toBeLessThan(20)
    expect(error.message).toContain("… and 490 more")
  })
})
