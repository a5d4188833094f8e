import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { networkPlan } from "../../src/model/architecture/network.ts"
import { readLayersModel } from "../../src/model/weights/layers-model.ts"
import { takeValues } from "../../src/model/weights/take.ts"

const topology = (epsilon: number) => ({
  model_config: { config: { layers: [{ class_name: "BatchNormalization", config: { epsilon } }] } }
})
const weights = [
  { name: "a/kernel", shape: [2, 2], dtype: "float32" },
  { name: "b/bias", shape: [3], dtype: "float32" }
]
const numbers = Float32Array.of(1, 2, 3, 4, 5, 6, 7)
const bytes = new Uint8Array(numbers.buffer)

const read = (
  change: object = {},
  shards: Record<string, Uint8Array> = { one: bytes.slice(0, 18), two: bytes.slice(18) }
) => {
  const group = { paths: ["one", "two"], weights, ...change }
  const json = Buffer.from(JSON.stringify({ modelTopology: topology(1e-3), weightsManifest: [group] }))
  return readLayersModel(json, (path) => Effect.succeed(shards[path]), "model")
}
const refusal = (...given: Parameters<typeof read>) => Effect.flip(read(...given))

describe("a TensorFlow.js layers-model", () => {
  it.effect("is read over the borders of its shards, with the epsilon that it states", () =>
    Effect.gen(function* () {
      const { tensors, metadata } = yield* read()
      assert.deepStrictEqual([...tensors.get("a/kernel")!.data, ...tensors.get("b/bias")!.data], [...numbers])
      assert.deepStrictEqual(tensors.get("a/kernel")!.shape, [2, 2])
      assert.deepStrictEqual(metadata, { epsilon: "0.001" })
    })
  )

  it.effect.each([
    ["a missing shard", {}, { one: bytes }, undefined, /shard "two" is not there/],
    [
      "a shard cut short",
      {},
      { one: bytes.slice(0, 18), two: bytes.slice(18, 26) },
      "b/bias",
      /"b\/bias".*16\.\.28 of 26/
    ],
    ["more bytes than tensors", {}, { one: bytes, two: bytes.slice(0, 4) }, "b/bias", /4 bytes after the last tensor/],
    ["a shape that lies", { weights: [{ ...weights[0]!, shape: [9] }] }, undefined, "a/kernel", /0\.\.36 of 28/],
    ["another number type", { weights: [{ ...weights[0]!, dtype: "int32" }] }, undefined, "a/kernel", /int32/],
    ["quantised numbers", { weights: [{ ...weights[0]!, quantization: {} }] }, undefined, "a/kernel", /quantised/],
    ["a tensor twice", { weights: [weights[1]!, weights[1]!] }, undefined, "b/bias", /there twice/]
  ] as const)("with %s is refused, the tensor named", ([_, change, shards, tensor, message]) =>
    Effect.gen(function* () {
      const error = yield* refusal(change, shards as Record<string, Uint8Array> | undefined)
      assert.strictEqual(error.tensor, tensor)
      assert.match(error.message, message)
      assert.match(error.message, /^model: /)
    })
  )

  it.effect("is refused where it states another epsilon than its family has, or is no layers-model", () =>
    Effect.gen(function* () {
      const plan = networkPlan({ variant: "resnet-micro", family: "keras", head: "plain" })
      const error = yield* Effect.flip(takeValues(plan, yield* read(), { family: "keras", newHead: true }))
      assert.match(error.message, /epsilon 0\.001, those of family keras 0\.00001001/)
      const other = yield* Effect.flip(readLayersModel(Buffer.from("{}"), () => Effect.succeed(undefined), "model"))
      assert.match(other.message, /not a layers-model/)
    })
  )
})
