/** Exported networks give the logits of the network that they were made of. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { familiesOf } from "../../src/model/architecture/family.ts"
import { type NetworkPlan, networkPlan } from "../../src/model/architecture/network.ts"
import { openBackend } from "../../src/model/backends/open.ts"
import { largestDifference, layersLogits } from "../../src/model/export/compare.ts"
import { type ExportedFile, layersFiles, loadLayersFiles } from "../../src/model/export/files.ts"
import { layersModel } from "../../src/model/export/layers-model.ts"
import { predict } from "../../src/model/predict.ts"
import * as tf from "../../src/model/tf.ts"
import { encodeValues, type Values } from "../../src/model/weights/values.ts"
import { generator } from "../../src/random/generator.ts"
import { ellipses } from "./images.ts"

const side = 48
const { images } = ellipses("export", 5, side)

/** Weights of which none is at the value that would hide its absence: shifts not 0, scales and variances not 1. */
const values = ({ list }: NetworkPlan): Values =>
  new Map(
    list.map(({ name, role, shape }) => {
      const random = generator("export", name)
      const length = shape.reduce((product, size) => product * size, 1)
      const inputs = length / shape.at(-1)!
      const draw = () => {
        if (role === "scale" || role === "variance") return random.uniform(0.6, 1.4)
        return role === "kernel" || role === "depthwise" || role === "linear"
          ? random.normal(0, 1.5 / Math.sqrt(role === "depthwise" ? shape[0]! ** 2 : inputs))
          : random.normal(0, 0.3)
      }
      return [name, Float32Array.from({ length }, draw)]
    })
  )

const fileReader = (files: ReadonlyArray<ExportedFile>) => async (name: string) =>
  files.find((file) => file.name === name)!.bytes

const exported = async (plan: NetworkPlan) => {
  const model = layersModel(plan, values(plan), side)
  const files = await layersFiles(model, { threshold: 0.25 })
  model.dispose()
  return files
}

describe("a TensorFlow.js layers model", () => {
  beforeAll(() => Effect.runPromise(openBackend("wasm")))

  it.live.each(
    (["micro", "resnet-micro"] as const).flatMap((variant) =>
      familiesOf(variant).map((family) => [variant, family] as const)
    )
  )("of %s with the padding and constants of %s gives the network's logits", ([variant, family]) =>
    Effect.gen(function* () {
      const plan = networkPlan({ variant, family, head: "original" })
      const expected = yield* predict(encodeValues(plan, values(plan)), images)
      const files = yield* Effect.promise(() => exported(plan))
      const before = tf.memory().numTensors
      const found = yield* Effect.promise(async () => {
        const model = await loadLayersFiles(fileReader(files))
        const logits = await layersLogits(model, images)
        model.dispose()
        return logits
      })
      assert.strictEqual(tf.memory().numTensors, before)
      assert.isAbove(Math.max(...expected) - Math.min(...expected), 0.05)
      // Logits of the ResNet, whose input is not scaled down, are in the hundreds.
      assert.isBelow(largestDifference(expected, found), 2e-5 * Math.max(1, ...expected.map(Math.abs)))
    })
  )

  it.live("without the original's head gives the network's logits", () =>
    Effect.gen(function* () {
      const plan = networkPlan({ variant: "nano", family: "torchvision", head: "plain" })
      const expected = yield* predict(encodeValues(plan, values(plan)), images)
      const files = yield* Effect.promise(() => exported(plan))
      const model = yield* Effect.promise(() => loadLayersFiles(fileReader(files)))
      const found = yield* Effect.promise(() => layersLogits(model, images))
      model.dispose()
      assert.isBelow(largestDifference(expected, found), 2e-5)
    })
  )

  it("loads by its address with nothing but tf.loadLayersModel, and keeps the notes", async () => {
    const plan = networkPlan({ variant: "nano", family: "torchvision", head: "original" })
    const files = await exported(plan)
    const server = createServer(({ url = "" }, response) => {
      const file = files.find(({ name }) => url === `/${name}`)
      response.writeHead(file === undefined ? 404 : 200).end(file?.bytes)
    })
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
    const { port } = server.address() as AddressInfo
    const model = await tf.loadLayersModel(`http://127.0.0.1:${port}/model.json`)
    server.close()
    const expected = await Effect.runPromise(predict(encodeValues(plan, values(plan)), images))
    assert.isBelow(largestDifference(expected, await layersLogits(model, images)), 2e-5)
    assert.deepStrictEqual(model.getUserDefinedMetadata(), { threshold: 0.25 })
    model.dispose()
  })
})
