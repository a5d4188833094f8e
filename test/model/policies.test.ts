import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import { fineTune } from "../../src/model/fine-tune.ts"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { initialise } from "../../src/model/weights/initialise.ts"
import { decodeValues, encodeValues } from "../../src/model/weights/values.ts"
import { ellipses } from "./images.ts"

const plan = networkPlan({ variant: "micro", family: "torchvision", head: "original" })
const train = ellipses("train", 8, 32)
const validation = ellipses("validation", 4, 32)

/** Names of the weights that one step changed, and one step only. */
const changed = (settings: Partial<typeof FineTuneOptions.Encoded>) =>
  Effect.gen(function* () {
    const options = Schema.decodeUnknownSync(FineTuneOptions)({
      variant: "micro",
      epochs: 1,
      batchSize: 8,
      ...settings
    })
    const initial = initialise(plan, 5)
    const { weights } = yield* fineTune(options, train, validation, { pretrained: encodeValues(plan, initial) })
    const { values } = yield* decodeValues(weights)
    return plan.list
      .filter(({ name }) => values.get(name)!.some((value, i) => value !== initial.get(name)![i]))
      .map(({ name }) => name)
  })

const isStatistic = (name: string) => /running_(mean|var)$/.test(name)
const isNorm = (name: string) =>
  /(\.[01]\.1|0\.1|block\.\d\.1)\.(weight|bias)$/.test(name) && !name.startsWith("classifier")
/** Of the stem and the first two blocks. */
const isFrozen = (name: string) => /^features\.(0\.|1\.0\.|2\.0\.)/.test(name)

describe("with two of six blocks frozen, one step", () => {
  beforeAll(() => Effect.runPromise(openBackend("wasm")))
  const frozen = plan.list.map(({ name }) => name).filter(isFrozen)
  const free = plan.list.map(({ name }) => name).filter((name) => !isFrozen(name))

  it.live("changes everything that is not frozen, under every policy", () =>
    Effect.gen(function* () {
      for (const policy of ["affine", "statistics", "adapt", "inference"] as const) {
        const names = yield* changed({ policy, frozenLayers: 2 })
        assert.deepStrictEqual(
          names.filter((name) => !isFrozen(name)),
          free
        )
      }
    })
  )

  it.live.each([
    ["affine", frozen.filter((name) => isStatistic(name) || isNorm(name))],
    ["statistics", frozen.filter(isStatistic)],
    ["adapt", []],
    ["inference", []]
  ] as const)("under %s changes of the frozen blocks what it should", ([policy, expected]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* changed({ policy, frozenLayers: 2 })).filter(isFrozen), expected)
    })
  )

  it.live("freezes by name", () =>
    Effect.gen(function* () {
      const none = yield* changed({ frozenLayers: "none" })
      assert.deepStrictEqual(
        none,
        plan.list.map(({ name }) => name)
      )
      const features = yield* changed({ frozenLayers: "features", policy: "inference" })
      assert.deepStrictEqual(
        features,
        free.filter((name) => name.startsWith("classifier"))
      )
      const all = yield* changed({ frozenLayers: "all", policy: "inference" })
      assert.deepStrictEqual(
        all,
        free.filter((name) => /^(classifier|features\.5)/.test(name))
      )
      assert.deepStrictEqual(yield* changed({ frozenLayers: "stage4" }), yield* changed({ frozenLayers: 6 }))
    })
  )

  it.live("unfreezes at the epoch that says so", () =>
    Effect.gen(function* () {
      const late = { policy: "inference", frozenLayers: "features", unfreeze: [{ epoch: 2, frozenLayers: 0 }] } as const
      const first = yield* changed(late)
      assert.deepStrictEqual(first, yield* changed({ policy: "inference", frozenLayers: "features" }))
      const second = yield* changed({ ...late, epochs: 2, monitor: "loss", learningRate: 1e-5 })
      assert.deepStrictEqual(
        second,
        plan.list.map(({ name }) => name)
      )
    })
  )
})
