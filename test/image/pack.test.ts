import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { openPack, packHeader } from "../../src/image/pack.ts"
import { inMemory } from "../../src/store/stored-bytes.ts"

const keys = ["a", "ä", "c"]
const pixels = Uint8Array.from({ length: 3 * 2 * 4 * 4 * 3 }, (_, i) => i % 251)
const header = packHeader({ side: 4, views: 2, keys })
const bytes = new Uint8Array(Buffer.concat([header, pixels]))

it.effect("what went in comes out, by position and key", () =>
  Effect.gen(function* () {
    const pack = yield* openPack(inMemory(bytes))
    assert.deepStrictEqual([pack.side, pack.views, pack.keys], [4, 2, keys])
    assert.strictEqual(pack.indexOf("ä"), 1)
    assert.isUndefined(pack.indexOf("b"))
    for (let index = 0; index < 3; index++) {
      for (let view = 0; view < 2; view++) {
        const at = (2 * index + view) * 48
        assert.deepStrictEqual(pack.image(index, view), pixels.slice(at, at + 48))
      }
    }
    assert.strictEqual(header.length % 64, 0)
  })
)

it.effect("an image is read to where it is wanted, and nothing else is read", () =>
  Effect.gen(function* () {
    const reads: Array<readonly [position: number, length: number]> = []
    const source = inMemory(bytes)
    const pack = yield* openPack({
      size: source.size,
      read: (position, into) => {
        reads.push([position, into.length])
        source.read(position, into)
      }
    })
    assert.isTrue(reads.every(([position, length]) => position + length <= header.length))
    reads.length = 0
    const batch = new Uint8Array(3 * 48)
    pack.read(2, 1, batch.subarray(48, 96))
    assert.deepStrictEqual(batch.slice(48, 96), pixels.slice(5 * 48))
    assert.deepStrictEqual(batch.slice(0, 48), new Uint8Array(48))
    assert.deepStrictEqual(reads, [[header.length + 5 * 48, 48]])
  })
)

it.effect("an empty pack is one; what is not in a pack is refused", () =>
  Effect.gen(function* () {
    const none = yield* openPack(inMemory(packHeader({ side: 4, views: 1, keys: [] })))
    assert.deepStrictEqual(none.keys, [])
    const pack = yield* openPack(inMemory(bytes))
    assert.throws(() => pack.image(3), RangeError)
    assert.throws(() => pack.image(0, 2), RangeError)
    assert.throws(() => pack.image(0.5), RangeError)
    assert.throws(() => pack.read(0, 0, new Uint8Array(47)), RangeError)
    assert.throws(() => packHeader({ side: 4, views: 2, keys: ["a", "a", "c"] }), RangeError)
  })
)

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
      const result = Effect.runSync(Effect.result(openPack(inMemory(damaged))))
      if (result._tag === "Failure") assert.strictEqual(result.failure._tag, "MalformedPack")
      else {
        const { keys, views, side, image } = result.success
        if (keys.length > 0) assert.strictEqual(image(keys.length - 1, views - 1).length, side * side * 3)
      }
    })
  )
})
