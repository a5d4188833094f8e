/** The wiring of a frozen trunk: which nodes there are under which policy, and what a change reaches. test/slow runs it. */
import { assert, describe, it } from "@effect/vitest"
import { differing, inputsOf, paramsOf } from "./nodes.ts"

const adapt = { model: { batchNorm: "adapt" } }
const trunkOf = (given: object) => Object.keys(paramsOf(given)).filter((node) => /^(calibrate|features)/u.test(node))

describe("a frozen trunk", () => {
  it("is calibrated under adapt, on the reference arm's images, and goes through every image once a seed", () => {
    const features = ["features:real:1", "features:real+synthetic:1", "features:evaluation:1"]
    assert.sameMembers(trunkOf(adapt), ["calibrate:1", ...features])
    assert.sameMembers(trunkOf({ model: { batchNorm: "inference" } }), features)
    assert.deepStrictEqual(inputsOf(adapt)["calibrate:1"], { training: "resize:real" })
    assert.deepStrictEqual(inputsOf(adapt)["features:real+synthetic:1"], {
      pack: "resize:real+synthetic",
      statistics: "calibrate:1"
    })
  })

  it("is the same for every seed where the weights are given", () => {
    const training = { seeds: 3 }
    assert.lengthOf(trunkOf({ ...adapt, training }), 12)
    const names = ["calibrate", "features:real", "features:real+synthetic", "features:evaluation"]
    assert.sameMembers(trunkOf({ model: { batchNorm: "adapt", weights: "weights.safetensors" }, training }), names)
  })

  it("stands for the images in training and evaluation", () => {
    const inputs = inputsOf(adapt)
    const trained = inputs["fine-tune:real:1"]!
    assert.deepStrictEqual(
      [trained.training, trained.evaluation, trained.trainingFeatures, trained.evaluationFeatures, trained.statistics],
      [undefined, undefined, "features:real:1", "features:evaluation:1", "calibrate:1"]
    )
    assert.strictEqual(inputs["evaluate:real:1"]!.features, "features:evaluation:1")
    // The symmetries of test-time augmentation are of images.
    const several = inputsOf({ ...adapt, evaluate: { testTime: "dihedral" } })["evaluate:real:1"]!
    assert.deepStrictEqual([several.features, several.evaluation], [undefined, "resize:evaluation"])
    const kept = inputsOf({ model: { batchNorm: "adapt", features: "none" } })["fine-tune:real:1"]!
    assert.deepStrictEqual([kept.training, kept.statistics], ["resize:real", "calibrate:1"])
  })

  it("is not there under the policies that change it, or where nothing is frozen", () => {
    for (const batchNorm of ["statistics", "affine"]) assert.deepStrictEqual(trunkOf({ model: { batchNorm } }), [])
    assert.deepStrictEqual(trunkOf({ model: { batchNorm: "adapt", frozenLayers: 0 } }), [])
    assert.deepStrictEqual(trunkOf({ ...adapt, training: { unfreeze: [{ epoch: 2, frozenLayers: 0 }] } }), [])
  })

  it("ends where gradual unfreezing will end", () => {
    const unfreeze = [{ epoch: 2, frozenLayers: 2 }]
    const params = paramsOf({ model: { batchNorm: "adapt", frozenLayers: "all" }, training: { unfreeze } })
    assert.strictEqual((params["features:real:1"] as { frozenLayers: unknown }).frozenLayers, 2)
  })

  it.each([
    [{ training: { learningRate: 0.1 } }],
    [{ training: { optimiser: "sgd", labelSmoothing: 0.1, epochs: 7, batchSize: 4 } }],
    [{ model: { dropout: 0.1, head: "plain" } }]
  ])("is untouched by what comes behind it: %j", (change) => {
    const changed = { ...change, model: { ...adapt.model, ...("model" in change ? change.model : {}) } }
    for (const node of differing(paramsOf(adapt), paramsOf(changed))) assert.match(node, /^(fine-tune|compare)/u)
  })
})
