import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Family } from "../../src/model/architecture/family.ts"
import { networkPlan } from "../../src/model/architecture/network.ts"
import type { Leaf } from "../../src/model/architecture/tree.ts"
import { weightTree } from "../../src/model/architecture/tree.ts"
import type { Variant } from "../../src/model/architecture/variants.ts"
import { readKerasH5 } from "../../src/model/weights/keras-h5.ts"
import { kerasShape } from "../../src/model/weights/layout.ts"
import { naming } from "../../src/model/weights/naming.ts"
import type { HostTensor } from "../../src/model/weights/safetensors.ts"
import { takeValues } from "../../src/model/weights/take.ts"
import { generator } from "../../src/random/generator.ts"
import { keras3H5, legacyH5 } from "./keras-h5.ts"

/** A network as Keras holds it: its tensors by name, in the order of the model's layers. */
const kerasModel = (variant: Variant, family: Family) => {
  const plan = networkPlan({ variant, family, head: "plain" })
  const names = naming(family, plan.architecture)!
  const list: Array<Leaf> = []
  weightTree(plan.architecture, "plain", names, (leaf) => list.push(leaf))
  const random = generator("keras", variant)
  const tensors = new Map<string, HostTensor>()
  const put = (name: string, shape: ReadonlyArray<number>) => {
    const length = shape.reduce((product, size) => product * size, 1)
    tensors.set(name, { shape, data: Float32Array.from({ length }, () => random.normal()) })
  }
  for (const leaf of list) {
    put(leaf.name, kerasShape(leaf))
    const isConvolution = leaf.role === "kernel" && names.convolutionBias
    if (isConvolution) put(leaf.name.replace("/kernel", "/bias"), [leaf.shape[3]!])
  }
  return { plan, tensors, list }
}

/** Keras 3 lists a bottleneck's shortcut before its last convolution, with their batch norms after both. */
const inLayerOrder = (tensors: ReadonlyMap<string, HostTensor>): Map<string, HostTensor> => {
  const place = (name: string): string => {
    const [, block, part, kind] = /^(conv\d_block\d)_(\d)_(conv|bn)\//.exec(name) ?? []
    if (block === undefined) return ""
    const order = part === "1" ? 0 : part === "2" ? 2 : 4
    return `${block} ${order + (kind === "bn" ? (order === 4 ? 2 : 1) : 0)}${part === "3" ? 1 : 0}`
  }
  const blocks = [...tensors]
  // A stable sort inside every block; what is in no block stays where it is.
  const start = blocks.findIndex(([name]) => place(name) !== "")
  const end = blocks.findLastIndex(([name]) => place(name) !== "") + 1
  if (start < 0) return new Map(blocks)
  const middle = blocks.slice(start, end).sort(([a], [b]) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0))
  return new Map([...blocks.slice(0, start), ...middle, ...blocks.slice(end)])
}

const networks = [
  ["micro", "keras"],
  ["resnet-micro", "keras"],
  ["resnet-micro", "keras-2.2"]
] as const

describe("Keras HDF5", () => {
  it.live.each(
    networks.flatMap(([variant, family]) =>
      (["legacy", "legacy below model_weights", "Keras 3", "Keras 3 with names"] as const)
        .filter((layout) => family !== "keras-2.2" || layout.startsWith("legacy"))
        .map((layout) => [variant, family, layout] as const)
    )
  )("gives the weights of %s (%s) from the layout %s", ([variant, family, layout]) =>
    Effect.gen(function* () {
      const { plan, tensors, list } = kerasModel(variant, family)
      const bytes = yield* Effect.promise(() => {
        if (layout === "legacy") return legacyH5(tensors, { parts: 3 })
        if (layout === "legacy below model_weights") return legacyH5(tensors, { group: "model_weights" })
        return keras3H5(inLayerOrder(tensors), { named: layout === "Keras 3 with names" })
      })
      const file = yield* readKerasH5(bytes)
      assert.strictEqual(file.tensors.size, tensors.size)
      const { values, absent } = yield* takeValues(plan, file, { family, newHead: false })
      assert.deepStrictEqual(absent, [])
      const names = naming(family, plan.architecture)!
      for (const [index, leaf] of plan.list.entries()) {
        const theirs = list[index]!
        const expected = Float32Array.from(tensors.get(theirs.name)!.data)
        if (leaf.role === "mean" && names.convolutionBias) {
          const bias = tensors.get(list[index - 3]!.name.replace("/kernel", "/bias"))!.data
          for (let i = 0; i < expected.length; i++) expected[i]! -= bias[i]!
        }
        assert.deepStrictEqual(values.get(leaf.name), expected, leaf.name)
      }
    })
  )

  it.live("takes a network without its top, and Keras 3's name of a depthwise kernel", () =>
    Effect.gen(function* () {
      const { plan, tensors } = kerasModel("micro", "keras")
      const renamed = new Map(
        [...tensors]
          .filter(([name]) => !name.startsWith("predictions"))
          .map(([name, tensor]) => [name.replace("depthwise_kernel", "kernel"), tensor])
      )
      renamed.set("normalization/mean", { shape: [3], data: Float32Array.of(1, 2, 3) })
      const file = yield* readKerasH5(yield* Effect.promise(() => legacyH5(renamed)))
      const taken = yield* takeValues(plan, file, { family: "keras", newHead: true })
      assert.deepStrictEqual(taken.absent, ["classifier.1.weight", "classifier.1.bias"])
    })
  )

  const refusal = (bytes: Uint8Array) => Effect.flip(readKerasH5(bytes, "b3.h5"))

  it.live("refuses what is damaged, cut short, or no file of weights", () =>
    Effect.gen(function* () {
      const { tensors } = kerasModel("micro", "keras")
      const bytes = yield* Effect.promise(() => legacyH5(tensors))
      const short = yield* refusal(bytes.subarray(0, bytes.length - 500))
      assert.match(short.message, /^b3\.h5: .*cut short/)
      assert.match((yield* refusal(new Uint8Array(100))).message, /^b3\.h5: /)
      const other = yield* refusal(yield* Effect.promise(() => legacyH5(new Map(), { group: "optimizer_weights" })))
      assert.match(other.message, /neither layer_names nor layers/)
    })
  )

  it.live("names the tensor that is missing, of another shape, or too many", () =>
    Effect.gen(function* () {
      const { plan, tensors } = kerasModel("micro", "keras")
      const refuse = (change: (tensors: Map<string, HostTensor>) => void) =>
        Effect.gen(function* () {
          const changed = new Map(tensors)
          change(changed)
          const file = yield* readKerasH5(yield* Effect.promise(() => legacyH5(changed)))
          return yield* Effect.flip(takeValues(plan, file, { family: "keras", newHead: true, place: "b3.h5" }))
        })
      const name = "block2a_dwconv/depthwise_kernel"
      assert.deepInclude(yield* refuse((all) => all.delete(name)), { tensor: name })
      const shape = yield* refuse((all) => all.set(name, { shape: [3, 3, 2, 1], data: new Float32Array(18) }))
      assert.match(shape.message, /"block2a_dwconv\/depthwise_kernel" has shape \[3, 3, 2, 1\]/)
      const extra = { shape: [1], data: Float32Array.of(1) }
      assert.deepInclude(yield* refuse((all) => all.set("block9a_bn/gamma", extra)), { tensor: "block9a_bn/gamma" })
    })
  )
})
