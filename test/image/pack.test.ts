import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { encodePack, openPack } from "../../src/image/pack.ts"

const keys = ["a", "ä", "c"]
const pixels = Uint8Array.from({ length: 3 * 2 * 4 * 4 * 3 }, (_, i) => i % 251)
const bytes = encodePack({ side: 4, views: 2, keys, pixels })

it.effect("what went in comes out, as windows on the bytes", () =>
  Effect.gen(function* () {
    const pack = yield* openPack(bytes)
    assert.deepStrictEqual([pack.side, pack.views, pack.keys], [4, 2, keys])
    assert.strictEqual(pack.indexOf("ä"), 1)
    assert.isUndefined(pack.indexOf("b"))
    assert.deepStrictEqual(pack.pixels, pixels)
    assert.deepStrictEqual(pack.image(1, 1), pixels.subarray(3 * 48, 4 * 48))
    assert.deepStrictEqual(pack.allViews(2), pixels.subarray(4 * 48))
    assert.strictEqual(pack.image(2).buffer, bytes.buffer)
    assert.strictEqual(pack.pixels.byteOffset % 64, 0)
    assert.throws(() => pack.image(3), RangeError)
    assert.throws(() => pack.image(0, 2), RangeError)
    assert.throws(() => pack.image(0.5), RangeError)
  })
)

it.effect("an empty pack, and a pack inside a larger buffer", () =>
  Effect.gen(function* () {
    const none = yield* openPack(encodePack({ side: 4, views: 1, keys: [], pixels: new Uint8Array(0) }))
    assert.deepStrictEqual(none.keys, [])
    const larger = new Uint8Array(bytes.length + 7)
    larger.set(bytes, 7)
    assert.deepStrictEqual((yield* openPack(larger.subarray(7))).image(2, 1), pixels.subarray(5 * 48))
  })
)

it("keys and pixels that do not fit are refused", () => {
  assert.throws(() => encodePack({ side: 4, views: 2, keys: ["a", "a", "c"], pixels }), RangeError)
  assert.throws(() => encodePack({ side: 4, views: 1, keys, pixels }), RangeError)
})

it("damaged bytes are an error, never a crash or a wrong pack", () => {
  const damage = fc.oneof(
    fc.nat({ max: bytes.length - 1 }).map((length) => bytes.slice(0, length)),
    fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
      const copy = bytes.slice()
      copy[at]! ^= flip
      return copy
    })
  )
  fc.assert(
    fc.property(damage, (damaged) => {
      const result = Effect.runSync(Effect.result(openPack(damaged)))
      if (result._tag === "Failure") assert.strictEqual(result.failure._tag, "MalformedPack")
      else
        assert.strictEqual(
          result.success.pixels.length,
          result.success.keys.length * result.success.views * result.success.side ** 2 * 3
        )
    })
  )
})
