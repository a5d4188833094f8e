import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { chosenSplit, SplitChoice } from "../../src/dataset/choose-split.ts"
import type { Dataset, SplitName } from "../../src/dataset/dataset.ts"
import { mergeNearDuplicates } from "../../src/dataset/near-duplicates.ts"
import { type Split, SplitOptions, splitDataset } from "../../src/dataset/split.ts"
import { dataset, randomDataset, row, Shape } from "./random-dataset.ts"

const options = (value: unknown = {}) => Schema.decodeUnknownSync(SplitOptions)(value)
const parts = ["train", "validation", "test"] as const
const partOf = (split: Split) =>
  new Map<string, SplitName>(parts.flatMap((part) => split[part].map((id) => [id, part] as const)))
const share = (set: Dataset, ids: ReadonlyArray<string>, label: 0 | 1) => {
  const own = set.rows.filter((one) => one.label === label)
  const inside = new Set(ids)
  return own.filter(({ id }) => inside.has(id)).length / own.length
}

describe("a split by group", () => {
  const runs = { arbitrary: { runs: 60 } }

  it.effect.prop(
    "puts every row in one part and every group in one part",
    [Shape, Schema.Int],
    ([shape, seed]) =>
      Effect.gen(function* () {
        const set = randomDataset(shape)
        const split = yield* splitDataset(set, options({ seed }))
        const part = partOf(split)
        const total = split.train.length + split.validation.length + split.test.length
        assert.strictEqual(total, set.rows.length)
        assert.strictEqual(part.size, set.rows.length)
        const seen = new Map<string, string>()
        for (const { id, group } of set.rows) {
          assert.strictEqual(seen.get(group) ?? part.get(id), part.get(id))
          seen.set(group, part.get(id)!)
        }
        assert.strictEqual(split.counts.crossingGroups, 0)
      }),
    runs
  )

  it.effect.prop(
    "gives each part its share of either class, up to the size of a group or two",
    [Shape, Schema.Int],
    ([shape, seed]) =>
      Effect.gen(function* () {
        const set = randomDataset(shape)
        const split = yield* splitDataset(set, options({ seed }))
        const melanomas = set.rows.filter(({ label }) => label === 1).length
        for (const [part, fraction] of [
          ["train", 0.7],
          ["validation", 0.1],
          ["test", 0.2]
        ] as const) {
          const slack = (2 * shape.largest) / melanomas
          assert.isBelow(Math.abs(share(set, split[part], 1) - fraction), slack + 1e-9)
        }
      }),
    runs
  )

  it.effect("is the same for the same seed and another for another", () =>
    Effect.gen(function* () {
      const set = randomDataset({ seed: 1, groups: 100, largest: 3, melanoma: 40 })
      const first = yield* splitDataset(set, options({ seed: 1 }))
      assert.deepStrictEqual(
        yield* splitDataset({ ...set, rows: [...set.rows].reverse() }, options({ seed: 1 })),
        first
      )
      assert.notDeepEqual((yield* splitDataset(set, options({ seed: 2 }))).test, first.test)
    })
  )

  it.effect("moves few images when some are added, and no test image when the validation share changes", () =>
    Effect.gen(function* () {
      const set = randomDataset({ seed: 2, groups: 400, largest: 2, melanoma: 40 })
      const more = dataset([
        ...set.rows,
        ...Array.from({ length: 20 }, (_, i) => row(`new${i}.png`, i % 2 === 0 ? 1 : 0, `patient:new${i}`))
      ])
      const before = yield* splitDataset(set, options())
      const after = partOf(yield* splitDataset(more, options()))
      const moved = [...partOf(before)].filter(([id, part]) => after.get(id) !== part).length
      assert.isBelow(moved, set.rows.length * 0.05)
      const other = yield* splitDataset(set, options({ fractions: { train: 0.6, validation: 0.2, test: 0.2 } }))
      assert.deepStrictEqual(other.test, before.test)
    })
  )

  it.effect("refuses fractions that do not sum to 1, and too few groups", () =>
    Effect.gen(function* () {
      const set = randomDataset({ seed: 1, groups: 50, largest: 1, melanoma: 50 })
      const error = yield* Effect.flip(splitDataset(set, options({ fractions: { train: 0.9 } })))
      assert.strictEqual(error.reason, "fractions")
      const one = dataset([row("a", 1, "a"), row("b", 0, "b"), row("c", 0, "c"), row("d", 0, "d")])
      const few = yield* Effect.flip(splitDataset(one, options()))
      assert.strictEqual(few.reason, "class-missing")
    })
  )

  it.effect("rounds the share of each part to the nearest image where groups have one", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 24 }, (_, i) => row(`${i}`, i % 2 === 0 ? 1 : 0, `${i}`))
      const { counts } = yield* splitDataset(dataset(rows), options())
      assert.deepStrictEqual([counts.test.melanoma, counts.validation.melanoma, counts.train.melanoma], [2, 2, 8])
    })
  )

  it.effect("works with few groups, as long as there is one a part", () =>
    Effect.gen(function* () {
      const rows = [0, 1, 2].flatMap((i) => [row(`m${i}`, 1, `m${i}`), row(`n${i}`, 0, `n${i}`)])
      const split = yield* splitDataset(dataset(rows), options())
      for (const part of parts)
        assert.deepStrictEqual(split.counts[part], { images: 2, groups: 2, melanoma: 1, benign: 1 })
    })
  )
})

describe("a split by column", () => {
  const declared = (split: SplitName, label: 0 | 1, id: string, group = id) => row(id, label, group, { split })
  const clean = [
    declared("train", 0, "a"),
    declared("train", 1, "b"),
    declared("validation", 0, "c"),
    declared("validation", 1, "d"),
    declared("test", 0, "e"),
    declared("test", 1, "f")
  ]

  it.effect("is taken as it stands", () =>
    Effect.gen(function* () {
      const split = yield* splitDataset(dataset(clean), options({ by: "column" }))
      assert.deepStrictEqual(
        [split.train, split.validation, split.test],
        [
          ["a", "b"],
          ["c", "d"],
          ["e", "f"]
        ]
      )
    })
  )
  it.effect("is refused where it is incomplete", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(splitDataset(dataset([...clean, row("g", 0, "g")]), options({ by: "column" })))
      assert.strictEqual(error.reason, "no-column")
      assert.deepStrictEqual(error.rows, ["g"])
    })
  )
  it.effect("is refused with the rows where a group stands in two parts, unless that is allowed by name", () =>
    Effect.gen(function* () {
      const leaky = dataset([...clean, declared("test", 0, "g", "a")])
      const error = yield* Effect.flip(splitDataset(leaky, options({ by: "column" })))
      assert.strictEqual(error.reason, "group-in-two-splits")
      assert.deepStrictEqual(error.rows, ["a", "g"])
      assert.match(error.message, /a in train, g in test/u)
      const split = yield* splitDataset(leaky, options({ by: "column", allow: ["group-in-two-splits"] }))
      assert.deepStrictEqual(split.overrides, [{ rule: "group-in-two-splits", rows: ["a", "g"] }])
      assert.strictEqual(split.counts.crossingGroups, 1)
    })
  )
  it.effect("is refused where near duplicates stand in two parts, unless both rules are switched off by name", () =>
    Effect.gen(function* () {
      const alike = mergeNearDuplicates(dataset(clean), [
        ["a", "e"],
        ["a", "b"]
      ])
      const error = yield* Effect.flip(splitDataset(alike, options({ by: "column" })))
      assert.strictEqual(error.reason, "near-duplicate-in-two-splits")
      assert.deepStrictEqual(error.rows, ["a", "e"])
      assert.include(error.mend, `--set 'split.allow=["near-duplicate-in-two-splits","group-in-two-splits"]'`)
      const one = options({ by: "column", allow: ["near-duplicate-in-two-splits"] })
      assert.strictEqual((yield* Effect.flip(splitDataset(alike, one))).reason, "group-in-two-splits")
      const both = options({ by: "column", allow: ["near-duplicate-in-two-splits", "group-in-two-splits"] })
      assert.deepStrictEqual(
        (yield* splitDataset(alike, both)).overrides.map(({ rule }) => rule),
        ["group-in-two-splits", "near-duplicate-in-two-splits"]
      )
    })
  )
  it.effect("is refused where a synthetic image stands outside train", () =>
    Effect.gen(function* () {
      const rows = [...clean, row("fake", 1, "fake", { split: "test", origin: "synthetic" })]
      const error = yield* Effect.flip(splitDataset(dataset(rows), options({ by: "column" })))
      assert.strictEqual(error.reason, "synthetic-outside-train")
      assert.deepStrictEqual(error.rows, ["fake"])
    })
  )
})

describe("equal images in both classes", () => {
  const set = randomDataset({ seed: 5, groups: 80, largest: 1, melanoma: 40 })
  const [benign, melanoma] = [0, 1].map((label) => set.rows.find((one) => one.label === label)!.id) as [string, string]
  const twice = (rest: object) => ({
    ...set,
    rows: set.rows.map((one) => (one.id === benign || one.id === melanoma ? { ...one, group: "one", ...rest } : one))
  })

  it.effect("are refused with the rows, by bytes or by pixels, unless that is allowed by name", () =>
    Effect.gen(function* () {
      for (const rest of [{ digest: "same" }, { pixelDigest: "same" }]) {
        const error = yield* Effect.flip(splitDataset(twice(rest), options()))
        assert.strictEqual(error.reason, "equal-images-in-both-classes")
        assert.sameMembers([...error.rows], [benign, melanoma])
        assert.match(error.fault, / = /u)
        assert.include(error.mend, `--set 'split.allow=["equal-images-in-both-classes"]'`)
        const split = yield* splitDataset(twice(rest), options({ allow: ["equal-images-in-both-classes"] }))
        assert.deepStrictEqual(split.overrides, [{ rule: "equal-images-in-both-classes", rows: error.rows }])
      }
    })
  )

  it.effect("near duplicates are not refused for it", () =>
    Effect.gen(function* () {
      const alike = mergeNearDuplicates(set, [[benign, melanoma]])
      assert.match(alike.warnings.join(), /1 pairs of near duplicates have different labels/u)
      assert.deepStrictEqual((yield* splitDataset(alike, options())).overrides, [])
    })
  )
})

describe("a chosen split", () => {
  const choice = (value: unknown) => Schema.decodeUnknownSync(SplitChoice)(value)
  const set = randomDataset({ seed: 5, groups: 80, largest: 4, melanoma: 40 })

  it.effect("by folds: each image in test once over all folds, groups whole", () =>
    Effect.gen(function* () {
      const tests: Array<string> = []
      for (const fold of [1, 2, 3, 4]) {
        const split = yield* chosenSplit(set, choice({ by: "folds", folds: 4, fold, seed: 3 }))
        assert.strictEqual(split.by, "folds")
        assert.strictEqual(split.counts.crossingGroups, 0)
        assert.strictEqual(new Set([...split.train, ...split.validation, ...split.test]).size, set.rows.length)
        tests.push(...split.test)
      }
      assert.deepStrictEqual(tests.sort(), set.rows.map(({ id }) => id).sort())
    })
  )

  it.effect("refuses a fold that is not there, and too few folds", () =>
    Effect.gen(function* () {
      const fault = (value: unknown) => Effect.map(Effect.flip(chosenSplit(set, choice(value))), ({ place }) => place)
      assert.strictEqual(yield* fault({ by: "folds", folds: 4, fold: 5 }), "split.fold")
      assert.strictEqual(yield* fault({ by: "folds", folds: 4, fold: 0 }), "split.fold")
      assert.strictEqual(yield* fault({ by: "folds", folds: 2 }), "split.folds")
    })
  )
})
