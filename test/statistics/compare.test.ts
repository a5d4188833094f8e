import { assert, describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { Arm } from "../../src/statistics/check-comparison.ts"
import { compareArms } from "../../src/statistics/compare.ts"
import { Comparison } from "../../src/statistics/comparison-types.ts"
import { pairedDeLong } from "../../src/statistics/delong.ts"
import { Predictions } from "../../src/statistics/types.ts"
import { type Cohort, cohort, logitsOf } from "./samples.ts"

const predictionsOf = (of: Cohort, logit: ReadonlyArray<number>): Predictions => ({
  id: of.id,
  group: of.group,
  origin: of.id.map(() => "real" as const),
  label: of.label,
  logit,
  attributes: { site: of.group.map((name) => (Number(name.slice(1)) % 3 === 0 ? "head" : "torso")) }
})

/** An arm whose logits of positives are raised by `gain`. */
const armOf = (of: Cohort, arm: string, gain: number, seeds: ReadonlyArray<number>): Arm => ({
  arm,
  description: arm,
  training: { real: 100, synthetic: arm === "gan" ? 40 : 0 },
  runs: seeds.map((seed) => ({ seed, threshold: 0, predictions: predictionsOf(of, logitsOf(of, { gain }, arm, seed)) }))
})

const options = { margin: 0.03, replicates: 300 }
const patients = cohort(600, "compare")

describe("comparing arms", () => {
  it.effect("finds a planted gain, a planted loss, and a planted equality", () =>
    Effect.gen(function* () {
      const seeds = [1, 2, 3, 4, 5]
      const real = armOf(patients, "real", 0, seeds)
      for (const [gain, outcome] of [
        [0.9, "helped"],
        [-0.9, "hurt"],
        [0, "equivalent"]
      ] as const) {
        const { verdict, pairs } = yield* compareArms(
          { reference: "real", arms: [real, armOf(patients, "gan", gain, seeds)] },
          options
        )
        assert.strictEqual(verdict.outcome, outcome)
        assert.strictEqual(pairs[0]!.headline.seeds, 5)
        assert.strictEqual(pairs[0]!.subgroups.length, 2)
        assert.strictEqual(pairs[0]!.permutation.smallest, 2 / 32)
        expect(verdict.sentence).toContain('"gan"')
      }
    })
  )

  it.effect("cannot tell on a small test set, and says what it could have seen", () =>
    Effect.gen(function* () {
      const few = cohort(40, "few")
      const { verdict, pairs } = yield* compareArms(
        { reference: "real", arms: [armOf(few, "real", 0, [1]), armOf(few, "gan", 0, [1])] },
        { margin: 0.005, replicates: 300 }
      )
      assert.strictEqual(verdict.outcome, "undecided")
      expect(verdict.sentence).toMatch(/^It cannot be told from these runs whether the GAN images helped: one seed, /)
      const { detectable } = pairs[0]!
      expect(detectable!.delta).toBeGreaterThan(0.005)
      expect(detectable!.sentence).toMatch(/cannot see effects under 0\.\d{3} AUC \(80 % power, two-sided alpha 0\.05,/)
      expect(verdict.wouldChange.join(" ")).toMatch(/larger test set.*one training run/)
    })
  )

  it.effect("shows no interval beyond what AUCs can differ by, and foretells no seeds from two", () =>
    Effect.gen(function* () {
      const few = cohort(40, "few")
      const gan = armOf(few, "gan", 3, [1])
      const torn = { ...gan, runs: [...gan.runs, ...armOf(few, "gan", -3, [2]).runs] }
      const { verdict, pairs } = yield* compareArms(
        { reference: "real", arms: [armOf(few, "real", 0, [1, 2]), torn] },
        { margin: 0.005, replicates: 100 }
      )
      const { headline, equivalence } = pairs[0]!
      assert.deepInclude(headline, { low: -1, high: 1 })
      expect(headline.se * 12).toBeGreaterThan(1)
      expect(Math.min(equivalence.low, -equivalence.high)).toBeGreaterThanOrEqual(-1)
      expect(verdict.sentence).toContain("95 % interval -1.000 to +1.000")
      expect(verdict.wouldChange.join()).toContain("More seeds: two seeds give no usable interval: 5 or more.")
      expect(verdict.wouldChange.join()).not.toContain("More seeds: about")
    })
  )

  it.effect("rests on groups alone with one seed, and gives no test over seeds", () =>
    Effect.gen(function* () {
      const [real, gan] = [armOf(patients, "real", 0, [7]), armOf(patients, "gan", 0.3, [7])]
      const { pairs, arms } = yield* compareArms({ reference: "real", arms: [real, gan] }, options)
      const pair = pairs[0]!
      assert.strictEqual(pair.headline.method, "cluster")
      assert.deepStrictEqual(pair.permutation.p, null)
      assert.deepStrictEqual(pair.permutation.reason, "needs at least two seeds")
      assert.strictEqual(arms[0]!.auc!.deviation, null)
      const [a, b] = [gan.runs[0]!.predictions, real.runs[0]!.predictions]
      assert.deepStrictEqual(pair.seeds[0]!.delong.delta, pairedDeLong(a.label, a.logit, b.logit)!.delta)
      expect(pair.headline.delta).toBeCloseTo(pair.seeds[0]!.delong.delta, 12)
    })
  )

  it.effect("is equivalence with itself when the arms are the same", () =>
    Effect.gen(function* () {
      const real = armOf(patients, "real", 0, [1, 2])
      const { verdict, pairs } = yield* compareArms(
        { reference: "real", arms: [real, { ...real, arm: "copy" }] },
        options
      )
      assert.strictEqual(verdict.outcome, "equivalent")
      assert.deepInclude(pairs[0]!.headline, { delta: 0, se: 0, low: 0, high: 0, p: null })
    })
  )

  it.effect("is not equivalence where two arms both rank a small test set perfectly", () =>
    Effect.gen(function* () {
      const few = cohort(16, "perfect")
      const perfect = (arm: string, scale: number): Arm => ({
        ...armOf(few, arm, 0, [1]),
        runs: [
          {
            seed: 1,
            threshold: 0,
            predictions: predictionsOf(
              few,
              few.label.map((y, row) => (y - 0.5) * scale + row / 1e3)
            )
          }
        ]
      })
      const { verdict, pairs } = yield* compareArms(
        { reference: "real", arms: [perfect("real", 2), perfect("gan", 3)] },
        options
      )
      assert.deepInclude(pairs[0]!.headline, { delta: 0, se: 0 })
      assert.strictEqual(verdict.outcome, "undecided")
      expect(verdict.sentence).toContain("ROC AUC 0.000")
    })
  )

  it.effect("does not depend on the order of rows, of seeds or of the other arms, and repeats itself", () =>
    Effect.gen(function* () {
      const arms = [armOf(patients, "real", 0, [1, 2]), armOf(patients, "gan", 0.3, [1, 2])]
      const back = <A>(column: ReadonlyArray<A>) => column.toReversed()
      const turned = arms.map((arm) => ({
        ...arm,
        runs: arm.runs.toReversed().map(({ predictions: p, ...run }) => ({
          ...run,
          predictions: {
            id: back(p.id),
            group: back(p.group),
            origin: back(p.origin),
            label: back(p.label),
            logit: back(p.logit),
            attributes: { site: back(p.attributes!.site!) }
          }
        }))
      }))
      const one = yield* compareArms({ reference: "real", arms }, options)
      const two = yield* compareArms({ reference: "real", arms: [turned[1]!, turned[0]!] }, options)
      assert.deepStrictEqual(two.pairs, one.pairs)
      assert.deepStrictEqual(two.verdict, one.verdict)
    })
  )

  it.effect("adjusts over arms, gives the primary arm's verdict first, and takes other contrasts", () =>
    Effect.gen(function* () {
      const arms = [
        armOf(patients, "real", 0, [1]),
        armOf(patients, "balanced", 0.1, [1]),
        armOf(patients, "gan", 0.2, [1])
      ]
      const result = yield* compareArms({ reference: "real", arms }, options)
      assert.deepStrictEqual(
        result.verdicts.map((verdict) => verdict.arm),
        ["gan", "balanced"]
      )
      const [p, holm] = [result.pairs.map((pair) => pair.headline.p!), result.pairs.map((pair) => pair.holm!)]
      expect(Math.min(...holm)).toBeCloseTo(2 * Math.min(...p), 12)
      const other = yield* compareArms({ reference: "real", arms }, { ...options, contrasts: [["gan", "balanced"]] })
      assert.strictEqual(other.pairs[0]!.reference, "balanced")
      const error = yield* Effect.flip(compareArms({ reference: "real", arms }, { ...options, primary: "nan" }))
      assert.deepStrictEqual(error.violations[0], { rule: "unknown-arm", rows: ["nan"] })
    })
  )

  it.effect("refuses settings that it cannot use, each named", () =>
    Effect.gen(function* () {
      const few = cohort(40, "settings")
      const input = { reference: "real", arms: [armOf(few, "real", 0, [1]), armOf(few, "gan", 0, [1])] }
      const error = yield* Effect.flip(
        compareArms(input, { margin: 0, replicates: 10, primary: "gan", contrasts: [["real", "real"]] })
      )
      assert.deepStrictEqual(error.violations, [
        {
          rule: "invalid-options",
          rows: [
            "margin 0: expected a difference of AUC between 0 and 1",
            "replicates 10: expected 100 or more",
            "contrast of real with itself",
            "no contrast tests the primary arm gan"
          ]
        }
      ])
    })
  )

  it.effect("is plain JSON that decodes to itself", () =>
    Effect.gen(function* () {
      const few = cohort(40, "json")
      const result = yield* compareArms(
        { reference: "real", arms: [armOf(few, "real", 0, [1]), armOf(few, "gan", 0, [1])] },
        options
      )
      const json = JSON.parse(JSON.stringify(Schema.encodeSync(Comparison)(result)))
      assert.deepStrictEqual(Schema.decodeUnknownSync(Comparison)(json, { onExcessProperty: "error" }), result)
    })
  )
})

describe("predictions", () => {
  const one = predictionsOf(patients, logitsOf(patients, { gain: 0 }, "schema"))
  it.effect.each([
    [{ ...one, logit: one.logit.slice(1) }, /in column logit/],
    [{ ...one, attributes: { site: [] } }, /in column site/],
    [{ ...one, id: one.id.map(() => "same") }, /every id once/],
    [{ ...one, logit: one.logit.map(() => Number.NaN) }, /finite/]
  ] as const)("are refused by their schema (%#)", ([columns, why]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Schema.decodeUnknownEffect(Predictions)(columns))
      expect(String(error)).toMatch(why)
    })
  )
})
