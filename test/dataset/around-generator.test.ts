import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { splitAroundGenerator } from "../../src/dataset/around-generator.ts"
import { balance, defaultBalanceOptions } from "../../src/dataset/balance.ts"
import { chosenSplit, SplitChoice } from "../../src/dataset/choose-split.ts"
import type { Dataset, Row } from "../../src/dataset/dataset.ts"
import { SplitOptions } from "../../src/dataset/split.ts"
import { generator } from "../../src/random/generator.ts"
import { dataset, randomDataset, row, Shape, synthetic } from "./random-dataset.ts"

const options = (value: unknown = {}) => Schema.decodeUnknownSync(SplitOptions)(value)
const from = (trainedOn: ReadonlyArray<string>): Dataset => ({ ...synthetic(20), manifest: { trainedOn } })

/** The weights that a stratum is divided by: groups with a melanoma by their melanomas, the others by their images. */
const strataOf = (rows: ReadonlyArray<Row>) => {
  const withMelanoma = new Set(rows.flatMap(({ label, group }) => (label === 1 ? [group] : [])))
  return [rows.filter(({ label }) => label === 1), rows.filter(({ group }) => !withMelanoma.has(group))]
}

describe("a split around a generator", () => {
  const Seen = Schema.Finite.check(Schema.isBetween({ minimum: 0.05, maximum: 0.8 }))

  it.effect.prop(
    "leaves no group that the generator saw outside train, and gives each part what is left of its share",
    [Shape, Schema.Int, Seen],
    ([shape, seed, share]) =>
      Effect.gen(function* () {
        const set = randomDataset(shape)
        const draw = (group: string) => generator("seen", seed, group).float()
        // One image of a group is enough, as a generator may have seen one photograph of a patient.
        const seen = new Set(set.rows.flatMap(({ group }) => (draw(group) < share ? [group] : [])))
        const named = [...seen].map((group) => set.rows.find((one) => one.group === group)!.id)
        if (named.length === 0) return
        const made = yield* Effect.result(splitAroundGenerator(set, from(named), options({ seed })))
        const free = (rows: ReadonlyArray<Row>) => rows.filter(({ group }) => !seen.has(group))
        const strata = strataOf(set.rows)
        if (made._tag === "Failure") {
          // Refused only where validation and test cannot both have a group of each class.
          assert.strictEqual(made.failure.reason, "class-missing")
          const least = Math.min(...strata.map((rows) => new Set(free(rows).map(({ group }) => group)).size))
          assert.isBelow(least, 3)
          return
        }
        const split = made.success
        assert.strictEqual(split.counts.crossingGroups, 0)
        const train = new Set(split.train)
        for (const { id, group } of set.rows) if (seen.has(group)) assert.isTrue(train.has(id), id)
        assert.strictEqual(split.train.length + split.validation.length + split.test.length, set.rows.length)
        for (const rows of strata) {
          const left = free(rows).length
          const within = Math.min(0.3 * rows.length, left) / 0.3
          for (const [part, fraction] of [
            ["validation", 0.1],
            ["test", 0.2]
          ] as const) {
            const ids = new Set(split[part])
            const got = rows.filter(({ id }) => ids.has(id)).length
            assert.isAtMost(Math.abs(got - fraction * within), 2 * shape.largest, `${part}, ${left} left`)
          }
        }
      }),
    { arbitrary: { runs: 60 } }
  )

  it.effect("lets the images of its generator join, verified", () =>
    Effect.gen(function* () {
      const set = randomDataset({ seed: 3, groups: 120, largest: 3, melanoma: 40 })
      const choice = Schema.decodeUnknownSync(SplitChoice)({ by: "generator" })
      const all = set.rows.map(({ id }) => id)
      const seen = from(all.slice(0, 60))
      const split = yield* chosenSplit(set, choice, seen)
      assert.strictEqual(split.by, "generator")
      const { provenance } = yield* balance(split, set, seen, { ...defaultBalanceOptions, syntheticRatio: "all" })
      assert.strictEqual(provenance.status, "verified")
    })
  )

  it.effect("is refused where nothing says what it saw, or what it saw is not there", () =>
    Effect.gen(function* () {
      const set = randomDataset({ seed: 3, groups: 60, largest: 1, melanoma: 40 })
      for (const [given, fault] of [
        [null, /nothing says/u],
        [synthetic(20), /nothing says/u],
        [from(["elsewhere.png"]), /none of the 1 images/u]
      ] as const) {
        const error = yield* Effect.flip(splitAroundGenerator(set, given, options()))
        assert.strictEqual(error.reason, "generator-unknown")
        assert.match(error.message, fault)
      }
    })
  )

  it.effect("is refused where too few groups of a class are left, with their number", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 40 }, (_, i) => row(`${i}.png`, i < 20 ? 1 : 0, `patient:${i}`))
      const seen = from(Array.from({ length: 19 }, (_, i) => `${i}.png`))
      const error = yield* Effect.flip(splitAroundGenerator(dataset(rows), seen, options()))
      assert.strictEqual(error.reason, "class-missing")
      assert.include(
        error.message,
        "did not see 1 of 20 groups with a melanoma image and 20 of 20 groups with a benign"
      )
      assert.include(error.mend, "Train the generator on fewer images")
    })
  )
})
