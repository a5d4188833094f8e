import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { type Balance, BalanceOptions, balance } from "../../src/dataset/balance.ts"
import { epochOrder } from "../../src/dataset/sampling.ts"
import { SplitOptions, splitDataset } from "../../src/dataset/split.ts"
import { randomDataset, synthetic } from "./random-dataset.ts"

const options = (value: unknown = {}) => Schema.decodeUnknownSync(BalanceOptions)(value)
const real = randomDataset({ seed: 7, groups: 200, largest: 3, melanoma: 25 })
const prepared = splitDataset(real, Schema.decodeUnknownSync(SplitOptions)({}))
const share = (one: Balance) => {
  const melanoma = one.rows.reduce((sum, row) => sum + row.label * row.weight, 0)
  return melanoma / one.epochLength
}

describe("every arm", () => {
  it.effect("has as many draws as there are real training images, and none from outside train", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const arms = [
        { strategy: "none" },
        { strategy: "class-balanced" },
        { strategy: "positive-weight" },
        { strategy: "oversample-to", syntheticRatio: 1 },
        { syntheticRatio: 0.5 },
        { strategy: "class-balanced", syntheticRatio: 1 }
      ]
      for (const arm of arms) {
        const made = yield* balance(split, real, synthetic(500), options(arm))
        assert.strictEqual(made.epochLength, split.train.length)
        assert.closeTo(
          made.rows.reduce((sum, { weight }) => sum + weight, 0),
          made.epochLength,
          1e-6
        )
        assert.closeTo(share(made), made.trainedPrior, 1e-9)
        const train = new Set(split.train)
        for (const { id, origin } of made.rows) assert.isTrue(origin === "synthetic" || train.has(id))
      }
    })
  )
})

describe("strategies", () => {
  it.effect("none, class-balanced and positive-weight", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const none = yield* balance(split, real, null, options())
      assert.closeTo(none.rows[0]!.weight, 1, 1e-9)
      assert.closeTo(share(none), none.naturalPrior, 1e-9)
      assert.closeTo(share(yield* balance(split, real, null, options({ strategy: "class-balanced" }))), 0.5, 1e-9)
      const weighted = yield* balance(split, real, null, options({ strategy: "positive-weight" }))
      const { benign, melanoma } = weighted.counts.real
      assert.strictEqual(weighted.positiveWeight, benign / melanoma)
    })
  )
  it.effect("the control has the classes of the arm with synthetic images, from real images alone", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const arm = yield* balance(split, real, synthetic(500), options({ syntheticRatio: 1 }))
      const control = yield* balance(split, real, null, options({ strategy: "oversample-to", syntheticRatio: 1 }))
      assert.closeTo(share(control), share(arm), 1e-9)
      assert.strictEqual(control.rows.length, split.train.length)
      assert.strictEqual(control.counts.synthetic.melanoma, 0)
      assert.strictEqual(arm.counts.synthetic.melanoma, arm.counts.real.melanoma)
    })
  )
  it.effect("all takes every synthetic image, and the control then balances alike", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const arm = yield* balance(split, real, synthetic(37), options({ syntheticRatio: "all" }))
      assert.deepStrictEqual(arm.counts.synthetic, { benign: 0, melanoma: 37 })
      const options2 = options({ strategy: "oversample-to", syntheticRatio: "all" })
      const control = yield* balance(split, real, synthetic(37), options2)
      assert.closeTo(share(control), share(arm), 1e-9)
      assert.strictEqual(control.rows.length, split.train.length)
      assert.strictEqual((yield* Effect.flip(balance(split, real, null, options2))).reason, "no-synthetic-set")
    })
  )
  it.effect("can leave out the real images that synthetic ones stand for", () =>
    Effect.gen(function* () {
      const made = yield* balance(
        yield* prepared,
        real,
        synthetic(500),
        options({ syntheticRatio: 1, replaceReal: true })
      )
      assert.strictEqual(made.counts.real.melanoma, 0)
      assert.isAbove(made.counts.real.benign, 0)
    })
  )
})

describe("synthetic images", () => {
  it.effect("of a smaller ratio are among those of a larger one", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const ids = (ratio: number) =>
        Effect.map(balance(split, real, synthetic(500), options({ syntheticRatio: ratio })), ({ rows }) =>
          rows.filter(({ origin }) => origin === "synthetic").map(({ id }) => id)
        )
      const [half, whole] = [yield* ids(0.5), yield* ids(1)]
      assert.isAbove(half.length, 0)
      for (const id of half) assert.include(whole, id)
    })
  )
  it.effect("must be there, and enough", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const none = yield* Effect.flip(balance(split, real, null, options({ syntheticRatio: 1 })))
      assert.strictEqual(none.reason, "no-synthetic-set")
      const few = yield* Effect.flip(balance(split, real, synthetic(3), options({ syntheticRatio: 1 })))
      assert.strictEqual(few.reason, "too-few-synthetic")
      assert.match(few.message, /3 are there/u)
      const wrong = yield* Effect.flip(balance(split, real, real, options({ syntheticRatio: 0.1 })))
      assert.strictEqual(wrong.reason, "not-synthetic")
    })
  )
  it.effect("carry the provenance of their generator", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const from = (trainedOn: ReadonlyArray<string>, allow: ReadonlyArray<string> = []) =>
        balance(split, real, { ...synthetic(500), manifest: { trainedOn } }, options({ syntheticRatio: 1, allow }))
      const made = yield* balance(split, real, synthetic(500), options({ syntheticRatio: 1 }))
      assert.strictEqual(made.provenance.status, "unknown")
      assert.strictEqual((yield* from(split.train.slice(0, 5))).provenance.status, "verified")
      assert.strictEqual((yield* from([`elsewhere/${split.train[0]!}`])).provenance.status, "verified")
      assert.deepInclude((yield* from([split.train[0]!, "other.jpg"])).provenance, { status: "partial", unknown: 1 })
      const leaked = [split.test[0]!, split.validation[0]!]
      const error = yield* Effect.flip(from([split.train[0]!, ...leaked]))
      assert.strictEqual(error.reason, "generator-trained-outside-train")
      assert.deepStrictEqual(error.rows, leaked)
      assert.include(error.mend, "Draw the split around what it saw: --set split.by=generator")
      assert.include(error.mend, `--set 'balance.allow=["generator-trained-outside-train"]'`)
      const allowed = yield* from(leaked, ["generator-trained-outside-train"])
      assert.strictEqual(allowed.provenance.status, "overridden")
      assert.deepStrictEqual(allowed.provenance.overrides, [{ rule: "generator-trained-outside-train", rows: leaked }])
    })
  )
  it.effect("made from an image outside train are refused", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const from = (source_image: string) => {
        const fakes = synthetic(500)
        const set = { ...fakes, rows: fakes.rows.map((row) => ({ ...row, metadata: { source_image } })) }
        return balance(split, real, set, options({ syntheticRatio: 0.1 }))
      }
      assert.strictEqual((yield* from(split.train[0]!)).provenance.status, "verified")
      assert.strictEqual((yield* Effect.flip(from(split.test[0]!))).reason, "generator-trained-outside-train")
    })
  )
  it.effect("that copy an image outside train are refused", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const fakes = synthetic(500)
      const stolen = real.rows.find(({ id }) => id === split.test[0])!.digest
      const set = { ...fakes, rows: fakes.rows.map((row) => ({ ...row, digest: stolen })) }
      const error = yield* Effect.flip(balance(split, real, set, options({ syntheticRatio: 1 })))
      assert.strictEqual(error.reason, "synthetic-copies-evaluation")
    })
  )
  it.effect("that nearly show an image outside train are refused with both ways out, those of train are counted", () =>
    Effect.gen(function* () {
      const split = yield* prepared
      const [first, second] = [split.test[0]!, split.train[0]!]
      const showing = (shown: string) => ({ ...synthetic(500), copies: [["fake7.png", shown] as const] })
      const all = (allow: ReadonlyArray<string> = []) => options({ syntheticRatio: "all", allow })
      const error = yield* Effect.flip(balance(split, real, showing(first), all()))
      assert.strictEqual(error.reason, "synthetic-copies-evaluation")
      assert.deepStrictEqual(error.rows, [`fake7.png ~ ${first}`])
      assert.include(error.mend, "Remove those files from data.synthetic, or, where the real ones are the copies")
      assert.include(error.mend, `--set 'balance.allow=["synthetic-copies-evaluation"]'`)
      const through = yield* balance(split, real, showing(first), all(["synthetic-copies-evaluation"]))
      assert.deepStrictEqual(through.provenance.overrides, [
        { rule: "synthetic-copies-evaluation", rows: [`fake7.png ~ ${first}`] }
      ])
      const { provenance } = yield* balance(split, real, showing(second), all())
      assert.deepStrictEqual(provenance.copiesOfTrain, [`fake7.png ~ ${second}`])
    })
  )
})

describe("the order of an epoch", () => {
  const rowsOf = (weights: ReadonlyArray<number>) => weights.map((weight) => ({ weight })) as unknown as Balance["rows"]

  it.effect.prop(
    "draws a row floor(w) or ceil(w) times",
    [
      Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 }))).check(Schema.isMinLength(2)),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 300 })),
      Schema.Int
    ],
    ([raw, epochLength, seed]) =>
      Effect.sync(() => {
        const total = raw.reduce((a, b) => a + b, 0)
        const weights = raw.map((one) => (one * epochLength) / total)
        const order = epochOrder({ rows: rowsOf(weights), epochLength }, seed, 3)
        assert.strictEqual(order.length, epochLength)
        const counts = weights.map(() => 0)
        for (const index of order) counts[index]!++
        for (const [index, weight] of weights.entries()) {
          assert.isAtLeast(counts[index]!, Math.floor(weight - 1e-9))
          assert.isAtMost(counts[index]!, Math.ceil(weight + 1e-9))
        }
      })
  )
  it("draws each row as often as its weight, on average over epochs", () => {
    const weights = [0.25, 0.75, 1]
    const counts = weights.map(() => 0)
    const epochs = 4000
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const index of epochOrder({ rows: rowsOf(weights), epochLength: 2 }, 1, epoch)) counts[index]!++
    }
    for (const [index, weight] of weights.entries()) assert.closeTo(counts[index]! / epochs, weight, 0.03)
  })
  it("is a permutation where all weights are 1, another one in every epoch", () => {
    const one = { rows: rowsOf(Array.from({ length: 100 }, () => 1)), epochLength: 100 }
    const first = epochOrder(one, 1, 0)
    assert.deepStrictEqual(
      [...first].sort((a, b) => a - b),
      [...one.rows.keys()]
    )
    assert.deepStrictEqual(epochOrder(one, 1, 0), first)
    assert.notDeepEqual(epochOrder(one, 1, 1), first)
  })
})
