import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readWeightFile } from "../../src/model/weights/read.ts"

const fixture = (name: string) => readFileSync(new URL(`../fixtures/model/${name}`, import.meta.url))
const refusal = (bytes: Uint8Array) => Effect.flip(readWeightFile(bytes, "b3.pth"))

describe("a PyTorch state dict", () => {
  it.effect("is read, with its number types, strides and offsets", () =>
    Effect.gen(function* () {
      const { tensors } = yield* readWeightFile(fixture("state-dict.pth"), "b3.pth")
      const read = Object.fromEntries([...tensors].map(([name, { shape, data }]) => [name, [shape, [...data]]]))
      const count = (length: number, from = 0) => Array.from({ length }, (_, i) => from + i)
      assert.deepStrictEqual(read, {
        float: [[2, 3, 4], count(24)],
        transposed: [[6, 4], count(24).map((i) => (i % 4) * 6 + Math.floor(i / 4))],
        slice: [[3], [5, 6, 7]],
        half: [[2], [1.5, -0.25]],
        brain: [[1], [-1.5]],
        double: [[1], [Math.fround(0.1)]],
        num_batches_tracked: [[], [Math.fround(70_000_000_000)]],
        parameter: [[1], [1]],
        empty: [[0, 3], []]
      })
    })
  )

  it.effect("that calls any other function is refused with the command that converts it, and nothing is run", () =>
    Effect.gen(function* () {
      const error = yield* refusal(fixture("hostile.pth"))
      assert.match(error.message, /^b3\.pth: it asks for (posix|os)\.system, which no state dict needs/)
      assert.include(error.message, "weights_only=True")
      assert.isFalse(existsSync("/tmp/hostile-pickle-was-run"))
    })
  )

  it.effect("of before PyTorch 1.6 is refused with the command that converts it", () =>
    Effect.gen(function* () {
      assert.match((yield* refusal(fixture("legacy.pth"))).message, /before 1\.6.*save_file/)
    })
  )

  it.effect("that is a .keras archive is refused with the command that takes its weights out", () =>
    Effect.gen(function* () {
      // One empty entry, stored: local header, directory, end of directory.
      const name = Buffer.from("model.weights.h5")
      const local = Buffer.alloc(30)
      local.writeUInt32LE(0x04034b50)
      local.writeUInt16LE(name.length, 26)
      const entry = Buffer.alloc(46)
      entry.writeUInt32LE(0x02014b50)
      entry.writeUInt16LE(name.length, 28)
      const end = Buffer.alloc(22)
      end.writeUInt32LE(0x06054b50)
      end.writeUInt16LE(1, 10)
      end.writeUInt32LE(30 + name.length, 16)
      const { message } = yield* refusal(Buffer.concat([local, name, entry, name, end]))
      assert.match(message, /a \.keras archive.*unzip b3\.pth model\.weights\.h5/)
    })
  )

  const whole = fixture("state-dict.pth")
  it.effect.prop(
    "that is damaged is an error or a dictionary, never a crash or a hang",
    [Schema.Int.check(Schema.isBetween({ minimum: 4, maximum: whole.length - 1 })), Schema.Boolean],
    ([at, cut]) =>
      Effect.gen(function* () {
        const bytes = cut ? whole.subarray(0, at) : Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 0x5a : byte))
        const result = yield* Effect.result(readWeightFile(bytes, "b3.pth"))
        if (cut) assert.strictEqual(result._tag, "Failure")
        if (result._tag === "Failure") assert.match(result.failure.message, /^b3\.pth: /)
      }),
    { arbitrary: { runs: 300 } }
  )
})
