import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { fingerprint, pixelDigest } from "../../src/image/fingerprint.ts"
import { flipHorizontal, flipVertical, rotate90, transpose } from "../../src/image/kernels/flips.ts"
import { confirmDuplicate, duplicateCandidates, findNearDuplicates, oriented } from "../../src/image/near-duplicates.ts"
import { compareHashes, perceptualHash, unfold } from "../../src/image/perceptual-hash.ts"
import type { Pixels } from "../../src/image/pixels.ts"
import { generator } from "../../src/random/generator.ts"
import { encoded, jpegOf, pngOf } from "./images.ts"

/** Spots and strokes of many sizes on skin: much structure, different for each key. */
const lesion = (key: string, width = 160, height = 120): Pixels => {
  const random = generator("lesion", key)
  const spots = Array.from({ length: 70 }, () => ({
    x: random.uniform(0, width),
    y: random.uniform(0, height),
    radius: random.uniform(2, 22),
    depth: random.uniform(10, 70),
    tint: random.uniform(0.5, 1)
  }))
  const data = new Uint8ClampedArray(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let shade = 0
      let tint = 0
      for (const spot of spots) {
        const part = spot.depth * Math.exp(-(((x - spot.x) ** 2 + (y - spot.y) ** 2) / spot.radius ** 2))
        shade += part
        tint += part * spot.tint
      }
      data.set([214 - shade, 168 - tint, 142 - (shade + tint) / 2], (y * width + x) * 3)
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}

const symmetries: ReadonlyArray<readonly [string, (image: Pixels) => Pixels]> = [
  ["as it is", (image) => image],
  ["flipped", flipHorizontal],
  ["upside down", flipVertical],
  ["turned by 90°", (image) => rotate90(image, 1)],
  ["turned by 180°", (image) => rotate90(image, 2)],
  ["turned by 270°", (image) => rotate90(image, 3)],
  ["transposed", transpose],
  ["transposed the other way", (image) => rotate90(transpose(image), 2)]
]

describe("the perceptual hash", () => {
  it("finds each of the eight orientations, and says which", () => {
    const image = lesion("a")
    const original = unfold(perceptualHash(image))
    for (const [name, change] of symmetries) {
      const changed = change(image)
      const { similarity, orientation } = compareHashes(original, unfold(perceptualHash(changed)))
      assert.isAbove(similarity, 0.999, name)
      assert.deepStrictEqual(oriented(changed, orientation), image, name)
    }
  })

  it("is symmetric in its two images and at most 1", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (i, j) => {
        const [a, b] = [i, j].map((key) => unfold(perceptualHash(lesion(`${key}`, 60, 45))))
        const there = compareHashes(a!, b!).similarity
        assert.closeTo(there, compareHashes(b!, a!).similarity, 1e-6)
        assert.isAtMost(there, 1 + 1e-6)
      }),
      { numRuns: 20 }
    )
  })

  it("of a plain image is like no other", () => {
    const plain = unfold(perceptualHash({ width: 8, height: 8, data: new Uint8Array(192).fill(90) }))
    assert.strictEqual(compareHashes(plain, plain).similarity, 0)
  })
})

describe("fingerprints", () => {
  it.effect("have the same pixel digest in every lossless container, another for any change", () =>
    Effect.gen(function* () {
      const image = lesion("a")
      const png = yield* Effect.promise(() => pngOf(image))
      const webp = yield* Effect.promise(
        async () => new Uint8Array(await encoded(image).webp({ lossless: true }).toBuffer())
      )
      const [a, b] = [yield* fingerprint(png, { name: "a" }), yield* fingerprint(webp, { name: "b" })]
      assert.strictEqual(a.pixelDigest, b.pixelDigest)
      assert.strictEqual(a.hash, b.hash)
      assert.notStrictEqual(pixelDigest(flipHorizontal(image)), a.pixelDigest)
      // Equal values in another shape are another image.
      assert.notStrictEqual(pixelDigest({ ...image, width: 120, height: 160 }), a.pixelDigest)
    })
  )
})

describe("near duplicates", () => {
  const crop = async (image: Pixels) =>
    new Uint8Array(
      await encoded(image).extract({ left: 5, top: 4, width: 150, height: 112 }).jpeg({ quality: 60 }).toBuffer()
    )

  it.effect("re-encoded, cropped, flipped and turned copies are found, and no others", () =>
    Effect.gen(function* () {
      const files = new Map<string, Uint8Array>()
      yield* Effect.promise(async () => {
        for (let i = 0; i < 14; i++) {
          const image = lesion(`${i}`)
          files.set(`${i}`, await pngOf(image))
          if (i === 0) files.set("0 again", await jpegOf(image, { quality: 60 }))
          if (i === 1) files.set("1 again", await crop(image))
          if (i === 2) files.set("2 again", await jpegOf(flipHorizontal(image), { quality: 60 }))
          if (i === 3) files.set("3 again", await crop(rotate90(flipVertical(image), 2)))
          if (i === 4) files.set("4 again", await pngOf(rotate90(image, 1)))
        }
      })
      const images = yield* Effect.forEach([...files], ([key, bytes]) =>
        Effect.map(fingerprint(bytes, { name: key }), ({ hash }) => ({ key, hash }))
      )
      const told: Array<readonly [number, number]> = []
      const onCompared = (compared: number, candidates: number) => Effect.sync(() => told.push([compared, candidates]))
      const found = yield* findNearDuplicates(images, (key) => Effect.succeed(files.get(key)!), { onCompared })
      assert.deepStrictEqual(told[0], [0, duplicateCandidates(images).length])
      assert.deepStrictEqual(
        found.map(({ a, b }) => [a, b]),
        [0, 1, 2, 3, 4].map((i) => [`${i}`, `${i} again`])
      )
      for (const { correlation } of found) assert.isAbove(correlation, 0.7)
    })
  )

  it.effect("between two sets: a copy in either is found, likeness within one is not", () =>
    Effect.gen(function* () {
      const [one, two, three] = [lesion("one"), lesion("two"), lesion("three")]
      const files = {
        real: { one: yield* Effect.promise(() => pngOf(one)), two: yield* Effect.promise(() => jpegOf(two)) },
        synthetic: {
          "one, cropped, flipped": yield* Effect.promise(() => crop(flipHorizontal(one))),
          three: yield* Effect.promise(() => pngOf(three)),
          "three again": yield* Effect.promise(() => jpegOf(three, { quality: 60 }))
        }
      }
      const bytes = new Map<string, Uint8Array>()
      const images = yield* Effect.forEach(Object.entries(files), ([set, own]) =>
        Effect.forEach(Object.entries(own), ([name, content]) => {
          const key = `${set}/${name}`
          bytes.set(key, content)
          return Effect.map(fingerprint(content, { name }), ({ hash }) => ({ key, hash, set }))
        })
      )
      const found = yield* findNearDuplicates(images.flat(), (key) => Effect.succeed(bytes.get(key)!))
      assert.deepStrictEqual(
        found.map(({ a, b }) => [a, b]),
        [["real/one", "synthetic/one, cropped, flipped"]]
      )
    })
  )

  it("two images of like coarse structure and other detail are no duplicates", () => {
    const blur = (image: Pixels, grain: string): Pixels => {
      const random = generator(grain)
      const data = image.data.map((value) => Math.min(255, Math.max(0, value + 12 * random.normal())))
      return { ...image, data }
    }
    const disc = (x: number, y: number) => 190 - 100 / (1 + Math.exp((Math.hypot(x - 80, y - 60) - 40) / 8))
    const image = {
      width: 160,
      height: 120,
      data: Uint8Array.from({ length: 160 * 120 * 3 }, (_, i) => disc(Math.floor(i / 3) % 160, Math.floor(i / 480)))
    }
    const upright = { transpose: false, flipHorizontal: false, flipVertical: false }
    const [a, b] = [blur(image, "one"), blur(image, "two")]
    assert.isAbove(compareHashes(unfold(perceptualHash(a)), unfold(perceptualHash(b))).similarity, 0.9)
    assert.isBelow(confirmDuplicate(a, b, upright), 0.7)
    assert.isAbove(confirmDuplicate(a, a, upright), 0.99)
  })

  it("candidates do not depend on the order of the images", () => {
    const images = Array.from({ length: 12 }, (_, i) => ({
      key: `${i}`,
      hash: Buffer.from(perceptualHash(lesion(`${i % 5}`))).toString("base64")
    }))
    const pairs = (list: typeof images) =>
      duplicateCandidates(list)
        .map(({ a, b }) => [a, b].sort().join())
        .sort()
    const expected = pairs(images)
    assert.isAtLeast(expected.length, 9)
    fc.assert(
      fc.property(fc.shuffledSubarray(images, { minLength: 12 }), (shuffled) => {
        assert.deepStrictEqual(pairs(shuffled), expected)
      }),
      { numRuns: 10 }
    )
  })

  it("a hash that is none is refused", () => {
    assert.throws(() => duplicateCandidates([{ key: "x", hash: "AAAA" }]), RangeError)
  })
})
