/** Every setting of the loop can be said, has the loop's own default, and reaches fine-tune and nothing before it. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { FineTuneOptions } from "../../src/model/training/options.ts"
import { built, differing, paramsOf } from "./nodes.ts"

const options = FineTuneOptions.fields
type Option = keyof typeof options

/** Said by other stages of the pipeline. */
const elsewhere = ["seed", "epochLength", "positiveWeight"] as const satisfies ReadonlyArray<Option>

/** Where a setting has another place than `training`, and a value that is not the default. */
const places: Record<
  Exclude<Option, (typeof elsewhere)[number]>,
  readonly [section: string, name: string, value: unknown]
> = {
  variant: ["model", "variant", "nano"],
  family: ["model", "family", "keras"],
  head: ["model", "head", "plain"],
  policy: ["model", "batchNorm", "affine"],
  frozenLayers: ["model", "frozenLayers", "stage2"],
  momentum: ["model", "momentum", 0.3],
  dropout: ["model", "dropout", 0.1],
  stochasticDepth: ["model", "stochasticDepth", 0],
  unfreeze: ["training", "unfreeze", [{ epoch: 2, frozenLayers: 0 }]],
  batchSize: ["training", "batchSize", 8],
  accumulate: ["training", "accumulate", 2],
  epochs: ["training", "epochs", 3],
  optimiser: ["training", "optimiser", "adamw"],
  learningRate: ["training", "learningRate", 0.5],
  weightDecay: ["training", "weightDecay", 0.01],
  sgdMomentum: ["training", "sgdMomentum", 0.8],
  clipNorm: ["training", "clipNorm", 1],
  schedule: ["training", "schedule", "cosine"],
  plateauFactor: ["training", "plateauFactor", 0.1],
  plateauPatience: ["training", "plateauPatience", 2],
  cosineEpochs: ["training", "cosineEpochs", 10],
  warmUpEpochs: ["training", "warmUpEpochs", 1],
  averageDecay: ["training", "averageDecay", 0.99],
  monitor: ["training", "monitor", "loss"],
  patience: ["training", "patience", 9],
  minimumDelta: ["training", "minimumDelta", 0.01],
  labelSmoothing: ["training", "labelSmoothing", 0.1],
  focalGamma: ["training", "focalGamma", 2]
}
const names = Object.keys(places) as ReadonlyArray<keyof typeof places>

describe("the settings of the training loop", () => {
  const plain = paramsOf({})

  it("are all there", () => assert.sameMembers([...names, ...elsewhere], Object.keys(options)))

  it.each(names)("%s reaches fine-tune, and only what stands behind it", (option) => {
    const [section, name, value] = places[option]
    const changed = paramsOf({ [section]: { [name]: value } })
    const trained = Object.keys(plain).filter((node) => node.startsWith("fine-tune"))
    assert.sameMembers([...differing(plain, changed)], [...trained, "compare-with-gan"])
    for (const node of trained) {
      assert.deepStrictEqual((changed[node] as Record<string, unknown>)[option], value)
      assert.notDeepEqual((plain[node] as Record<string, unknown>)[option], value)
    }
  })

  it("have the loop's own defaults, but those that are the pipeline's", () => {
    const defaults = Schema.decodeUnknownSync(FineTuneOptions)({}) as Record<string, unknown>
    const own = ["stochasticDepth", "variant", "frozenLayers", "batchSize", "epochs", "learningRate", "patience"]
    const node = plain["fine-tune:real:1"] as Record<string, unknown>
    for (const name of names) if (!own.includes(name)) assert.deepStrictEqual(node[name], defaults[name], name)
  })

  it("have the network's own stochastic depth, unless it is said", () => {
    const depthOf = (model: object) =>
      (paramsOf({ model })["fine-tune:real:1"] as Record<string, unknown>).stochasticDepth
    assert.deepStrictEqual(
      [{}, { variant: "b3" }, { variant: "resnet50" }, { variant: "resnet50", stochasticDepth: 0.1 }].map(depthOf),
      [0.2, 0.2, 0, 0.1]
    )
  })

  it("test-time augmentation reaches evaluate", () => {
    const found = differing(plain, paramsOf({ evaluate: { testTime: "dihedral" } }))
    assert.isTrue(found.every((node) => /^(evaluate|compare-with-gan)/u.test(node)))
    assert.isTrue(found.some((node) => node.startsWith("evaluate")))
  })

  it("frozen layers that there are not are refused, wherever they are said", () => {
    assert.throws(() => built({ model: { frozenLayers: 99 } }), /model.frozenLayers: 99, but/)
    assert.throws(() => built({ model: { frozenLayers: "stage9" } }), /model.frozenLayers: stage9, but/)
    // The number of blocks that b3 freezes in the original is more than ResNet-50 has.
    assert.throws(
      () => built({ model: { variant: "resnet50", frozenLayers: 18 } }),
      /18, but ResNet-50 has 16 blocks\n.*stage4; 13 \(stage3\) leaves the last stage to train/u
    )
    const unfreeze = [{ epoch: 2, frozenLayers: 40 }]
    assert.throws(() => built({ training: { unfreeze } }), /training.unfreeze: 40, but/)
  })
})
