import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { type NetworkSettings, networkPlan } from "../../src/model/architecture/network.ts"
import { weightTree } from "../../src/model/architecture/tree.ts"
import { initialise } from "../../src/model/weights/initialise.ts"
import { fileShape, toFile, toMemory } from "../../src/model/weights/layout.ts"
import { naming } from "../../src/model/weights/naming.ts"
import { type HostTensor, readSafetensors, writeSafetensors } from "../../src/model/weights/safetensors.ts"
import { takeValues } from "../../src/model/weights/take.ts"
import { decodeValues, encodeValues } from "../../src/model/weights/values.ts"

const settings: NetworkSettings = { variant: "micro", family: "torchvision", head: "original" }
const plan = networkPlan(settings)
const values = initialise(plan, 1)

/** A safetensors file with this header and so many bytes of data. */
const raw = (header: unknown, length: number): Uint8Array => {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([size, text, Buffer.alloc(length)])
}

const refusal = (bytes: Uint8Array) => Effect.flip(readSafetensors(bytes, "b3.safetensors"))

describe("safetensors", () => {
  it.effect.prop(
    "what is written is read",
    [Schema.Array(Schema.Array(Schema.Finite)), Schema.String],
    ([arrays, note]) =>
      Effect.gen(function* () {
        const tensors = new Map<string, HostTensor>(
          arrays.map((numbers, i) => [`t${i}`, { shape: [numbers.length], data: Float32Array.from(numbers) }])
        )
        const file = yield* readSafetensors(writeSafetensors({ tensors, metadata: { note } }))
        assert.deepStrictEqual(file, { tensors, metadata: { note } })
      })
  )

  it.effect("reads half precision", () =>
    Effect.gen(function* () {
      const bytes = raw(
        {
          half: { dtype: "F16", shape: [2], data_offsets: [0, 4] },
          brain: { dtype: "BF16", shape: [1], data_offsets: [4, 6] }
        },
        6
      )
      bytes.set([0x00, 0x3e, 0x01, 0x80, 0xc0, 0xbf], bytes.length - 6)
      const { tensors } = yield* readSafetensors(bytes)
      assert.deepStrictEqual([...tensors.get("half")!.data], [1.5, -Math.fround(2 ** -24)])
      assert.deepStrictEqual([...tensors.get("brain")!.data], [-1.5])
    })
  )

  const entry = (changes: object) => ({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...changes } })
  it.effect.each([
    ["an empty file", new Uint8Array(), undefined],
    ["a header longer than the file", raw(entry({}), 8).subarray(0, 20), undefined],
    ["a header that is not JSON", raw("{", 0), undefined],
    ["data cut short", raw(entry({}), 4), "w"],
    ["offsets and shape that disagree", raw(entry({ shape: [3] }), 8), "w"],
    ["a shape below zero", raw(entry({ shape: [-2, -1] }), 8), "w"],
    ["an unknown number type", raw(entry({ dtype: "Q4" }), 8), "w"],
    ["tensors that overlap", raw({ ...entry({}), v: entry({ data_offsets: [4, 12] }).w }, 12), "v"],
    ["data that no tensor claims", raw(entry({}), 12), undefined]
  ] as const)("refuses %s", ([_, bytes, tensor]) =>
    Effect.gen(function* () {
      const error = yield* refusal(bytes)
      assert.strictEqual(error.tensor, tensor)
      assert.match(error.message, /^b3\.safetensors: /)
      if (tensor) assert.include(error.message, `"${tensor}"`)
    })
  )
})

describe("layout", () => {
  it("to memory and back is the identity for every role", () => {
    for (const leaf of plan.list) {
      const data = values.get(leaf.name)!
      assert.deepStrictEqual(toMemory(leaf, toFile(leaf, data)), data)
    }
  })

  it("puts OIHW's element (o, i, y, x) at HWIO's (y, x, i, o)", () => {
    const leaf = { name: "w", role: "kernel", shape: [2, 3, 4, 5], layer: 0 } as const
    const data = Float32Array.from({ length: 120 }, (_, i) => i)
    const at = (y: number, x: number, i: number, o: number) => ((y * 3 + x) * 4 + i) * 5 + o
    const file = toFile(leaf, data)
    assert.deepStrictEqual(fileShape(leaf), [5, 4, 2, 3])
    assert.strictEqual(file[((4 * 4 + 2) * 2 + 1) * 3 + 2], at(1, 2, 2, 4))
  })
})

describe("a network's weights", () => {
  it.effect("survive our own file", () =>
    Effect.gen(function* () {
      const decoded = yield* decodeValues(encodeValues(plan, values))
      assert.deepStrictEqual(decoded.values, values)
      assert.deepStrictEqual(decoded.plan.settings, settings)
    })
  )

  it.effect.each(["timm", "lukemelas"] as const)("are taken from %s names, the head left out", (family) =>
    Effect.gen(function* () {
      const names: Array<string> = []
      weightTree(plan.architecture, "plain", naming(family, plan.architecture)!, ({ name }) => names.push(name))
      const plain = networkPlan({ ...settings, head: "plain" })
      const tensors = new Map<string, HostTensor>()
      for (const [i, leaf] of plain.list.entries()) {
        if (leaf.role === "linear") tensors.set(names[i]!, { shape: [1000, 128], data: new Float32Array(128_000) })
        else tensors.set(names[i]!, { shape: fileShape(leaf), data: toFile(leaf, values.get(leaf.name)!) })
      }
      tensors.set("bn1.num_batches_tracked", { shape: [], data: Float32Array.of(3) })
      tensors.set(names.at(-1)!, { shape: [1000], data: new Float32Array(1000) })
      const taken = yield* takeValues(plan, { tensors, metadata: {} }, { family, newHead: true })
      assert.strictEqual(taken.absent.length, 6)
      for (const [name, data] of taken.values) assert.deepStrictEqual(data, values.get(name))
    })
  )

  it.effect("name the tensor that is missing, of another shape, or too many", () =>
    Effect.gen(function* () {
      const file = yield* readSafetensors(encodeValues(plan, values))
      const name = "features.2.0.block.1.0.weight"
      const refuse = (change: (tensors: Map<string, HostTensor>) => void, newHead = true) => {
        const tensors = new Map(file.tensors)
        change(tensors)
        return Effect.flip(takeValues(plan, { ...file, tensors }, { family: "torchvision", newHead }))
      }
      const missing = yield* refuse((tensors) => tensors.delete(name))
      assert.deepInclude(missing, { tensor: name })
      assert.match(missing.message, /missing/)
      const shape = yield* refuse((tensors) =>
        tensors.set(name, { shape: [48, 1, 5, 5], data: new Float32Array(1200) })
      )
      assert.deepInclude(shape, { tensor: name })
      assert.match(shape.message, /\[48, 1, 5, 5\].*\[48, 1, 3, 3\]/)
      const extra = yield* refuse((tensors) => tensors.set("fc.weight", { shape: [1], data: new Float32Array(1) }))
      assert.deepInclude(extra, { tensor: "fc.weight" })
      const head = yield* refuse((tensors) => tensors.delete("classifier.1.bias"), false)
      assert.deepInclude(head, { tensor: "classifier.1.bias" })
    })
  )

  it("are drawn with the deviation of He et al. from the fan out, each tensor by itself", () => {
    const big = networkPlan({ variant: "b0", family: "torchvision", head: "original" })
    const drawn = initialise({ ...big, list: big.list.slice(-12) }, 3)
    const data = drawn.get("features.8.0.weight")!
    const deviation = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length)
    assert.closeTo(deviation, Math.sqrt(2 / 1280), 2e-4)
  })
})
