import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { generator } from "../../src/random/generator.ts"
import { philox4x32 } from "../../src/random/philox.ts"

const block = (counter: [number, number, number, number], key: [number, number]) => {
  const out = new Uint32Array(4)
  philox4x32(counter, key, out)
  return [...out].map((word) => word.toString(16).padStart(8, "0")).join(" ")
}

describe("philox4x32-10 gives the known answers of Random123", () => {
  it("for zeros", () => assert.strictEqual(block([0, 0, 0, 0], [0, 0]), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"))
  it("for ones", () => {
    const f = 0xffffffff
    assert.strictEqual(block([f, f, f, f], [f, f]), "408f276d 41c83b0e a20bc7c6 6d5451fd")
  })
  it("for digits of pi", () =>
    assert.strictEqual(
      block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
      "d16cfe09 94fdcceb 5001e420 24126ea1"
    ))
})

describe("a generator", () => {
  it("is a function of its key alone", () => {
    const first = generator("augment", 1, "image")
    const second = generator("augment", 1, "image")
    generator("augment", 2, "image").float()
    assert.deepStrictEqual([first.float(), first.normal()], [second.float(), second.normal()])
  })
  it("tells joined parts and types apart", () => {
    assert.notStrictEqual(generator("ab", "c").uint32(), generator("a", "bc").uint32())
    assert.notStrictEqual(generator(1).uint32(), generator("1").uint32())
  })
  it("draws uniformly and normally", () => {
    const g = generator("moments")
    let sum = 0
    let squares = 0
    const n = 20_000
    for (let i = 0; i < n; i++) {
      const x = g.normal()
      sum += x
      squares += x * x
    }
    assert.isBelow(Math.abs(sum / n), 0.03)
    assert.isBelow(Math.abs(squares / n - 1), 0.05)
    const counts = [0, 0, 0]
    for (let i = 0; i < 30_000; i++) counts[g.integer(3)]!++
    for (const count of counts) assert.isBelow(Math.abs(count - 10_000), 400)
  })
  it.prop("shuffles into a permutation", [Schema.Array(Schema.Int)], ([values]) => {
    const order = (a: number, b: number) => a - b
    assert.deepStrictEqual(generator("s").shuffle(values).sort(order), [...values].sort(order))
  })
})
