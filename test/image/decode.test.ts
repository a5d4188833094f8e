import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import sharp, { type Sharp } from "sharp"
import { decode, probe } from "../../src/image/decode.ts"
import { flipHorizontal, rotate90 } from "../../src/image/kernels/flips.ts"
import { resize } from "../../src/image/kernels/resize.ts"
import { difference, encoded, jpegOf, picture, pngOf } from "./images.ts"

const image = picture(60, 40)
const bytes = (pipeline: Sharp) => Effect.promise(async () => new Uint8Array(await pipeline.toBuffer()))
const read = (content: Uint8Array) => decode(content, { name: "a.jpg" })
const refused = (content: Uint8Array, pixelLimit?: number) =>
  Effect.flip(decode(content, { name: "folder/a.jpg", ...(pixelLimit === undefined ? {} : { pixelLimit }) }))

describe("what is read", () => {
  it.effect("PNG, lossless WebP and TIFF come back as they were", () =>
    Effect.gen(function* () {
      for (const pipeline of [
        encoded(image).png(),
        encoded(image).webp({ lossless: true }),
        encoded(image).tiff({ compression: "lzw" })
      ]) {
        assert.deepStrictEqual(yield* read(yield* bytes(pipeline)), image)
      }
    })
  )

  it.effect("baseline and progressive JPEG, and WebP, nearly so", () =>
    Effect.gen(function* () {
      for (const pipeline of [
        encoded(image).jpeg({ quality: 95 }),
        encoded(image).jpeg({ quality: 95, progressive: true }),
        encoded(image).webp({ quality: 95 })
      ]) {
        const { data } = yield* read(yield* bytes(pipeline))
        assert.isBelow(difference(data, image.data), 6)
      }
    })
  )

  it.effect("EXIF orientation is applied, and the size is that of the upright image", () =>
    Effect.gen(function* () {
      for (const [orientation, upright] of [
        [2, flipHorizontal(image)],
        [3, rotate90(image, 2)],
        [6, rotate90(image, 3)],
        [8, rotate90(image, 1)]
      ] as const) {
        const stored = yield* bytes(encoded(image).tiff({ compression: "lzw" }).withMetadata({ orientation }))
        assert.deepStrictEqual(yield* read(stored), upright)
        const { width, height } = yield* probe(stored, { name: "a" })
        assert.deepStrictEqual([width, height], [upright.width, upright.height])
      }
    })
  )

  it.effect("grey is repeated, a palette looked up, 16 bits reduced, CMYK converted", () =>
    Effect.gen(function* () {
      const grey = yield* read(yield* bytes(encoded(image).greyscale().png()))
      assert.strictEqual(grey.data.length, 60 * 40 * 3)
      assert.isTrue(grey.data.every((value, i) => value === grey.data[i - (i % 3)]))
      const palette = yield* bytes(encoded(image).png({ palette: true, colours: 256, dither: 0 }))
      assert.isBelow(difference((yield* read(palette)).data, image.data), 6)
      const deep = yield* bytes(encoded(image).toColourspace("rgb16").png())
      assert.strictEqual((yield* probe(deep, { name: "a" })).bitsPerChannel, 16)
      assert.isAtMost(difference((yield* read(deep)).data, image.data), 1)
      const cmyk = yield* bytes(encoded(image).toColourspace("cmyk").jpeg({ quality: 95 }))
      assert.strictEqual((yield* probe(cmyk, { name: "a" })).channels, 4)
      assert.isBelow(difference((yield* read(cmyk)).data, image.data), 25)
    })
  )

  it.effect("alpha is composited on black", () =>
    Effect.gen(function* () {
      const half = yield* bytes(
        sharp({ create: { width: 4, height: 4, channels: 4, background: { r: 200, g: 100, b: 50, alpha: 0.5 } } }).png()
      )
      const { data } = yield* read(half)
      for (const [channel, expected] of [100, 50, 25].entries()) {
        assert.isAtMost(Math.abs(data[channel]! - expected), 1)
      }
    })
  )

  it.effect("a shorter side is met exactly, antialiased, for large and small images alike", () =>
    Effect.gen(function* () {
      const large = picture(640, 480)
      for (const content of [yield* Effect.promise(() => jpegOf(large)), yield* Effect.promise(() => pngOf(large))]) {
        const reduced = yield* decode(content, { name: "a", shorterSide: 96 })
        assert.deepStrictEqual([reduced.width, reduced.height], [128, 96])
        assert.isBelow(difference(reduced.data, resize(large, 128, 96).data), 3)
      }
      const small = yield* decode(yield* Effect.promise(() => pngOf(image)), { name: "a", shorterSide: 96 })
      assert.deepStrictEqual([small.width, small.height], [144, 96])
    })
  )
})

it.effect("a strip is squashed: its canvas has at most 8 times its shorter side", () =>
  Effect.gen(function* () {
    const strip = yield* bytes(encoded({ width: 1, height: 9000, data: new Uint8Array(27000) }).png())
    const { width, height } = yield* decode(strip, { name: "a", shorterSide: 64 })
    assert.deepStrictEqual([width, height], [64, 512])
  })
)

describe("what is refused", () => {
  it.effect("a truncated file, wherever it ends", () =>
    Effect.gen(function* () {
      const large = picture(200, 150)
      const files = [
        yield* bytes(encoded(large).jpeg()),
        yield* bytes(encoded(large).jpeg({ progressive: true })),
        yield* bytes(encoded(large).png()),
        yield* bytes(encoded(large).webp()),
        yield* bytes(encoded(large).tiff({ compression: "lzw" }))
      ]
      for (const content of files) {
        for (const part of [0.01, 0.1, 0.5, 0.9, 0.99]) {
          const error = yield* refused(content.slice(0, Math.floor(content.length * part)))
          assert.strictEqual(error._tag, "UnreadableImage")
          assert.match(error.message, /^folder\/a\.jpg: /)
        }
      }
      const half = yield* refused(files[0]!.slice(0, files[0]!.length >> 1))
      assert.strictEqual(half.reason, "truncated")
    })
  )

  it.effect("text, other formats and nothing at all, each called by its name", () =>
    Effect.gen(function* () {
      const text = (content: string) => new TextEncoder().encode(content)
      for (const [content, reason, words] of [
        [text("not an image\n"), "not-an-image", /text/],
        [text("<svg xmlns='http://www.w3.org/2000/svg'/>"), "unsupported-format", /SVG/],
        [text("%PDF-1.4"), "unsupported-format", /PDF/],
        [text("version https://git-lfs.github.com/spec/v1\n"), "unsupported-format", /LFS/],
        [
          Uint8Array.from({ length: 200 }, (_, i) => [0x44, 0x49, 0x43, 0x4d][i - 128] ?? 0),
          "unsupported-format",
          /DICOM/
        ],
        [new Uint8Array(0), "empty", /empty/],
        [Uint8Array.of(0xff, 0xd8, 0xff), "damaged", /JPEG/]
      ] as const) {
        const error = yield* refused(content)
        assert.match(error.fault, words)
        if (reason !== "damaged") assert.strictEqual(error.reason, reason)
      }
    })
  )

  it.effect("animation and images over the pixel limit, before decoding", () =>
    Effect.gen(function* () {
      const frames = yield* bytes(
        sharp(Buffer.concat([image.data, flipHorizontal(image).data]), {
          raw: { width: 60, height: 80, channels: 3, pageHeight: 40 }
        }).webp()
      )
      const animated = yield* refused(frames)
      assert.strictEqual(animated.reason, "animated")
      assert.match(animated.fault, /2 frames/)
      const large = yield* refused(yield* bytes(encoded(image).png()), 2399)
      assert.strictEqual(large.reason, "too-large")
      assert.match(large.fault, /60 × 40/)
      assert.strictEqual((yield* decode(yield* bytes(encoded(image).png()), { name: "a", pixelLimit: 2400 })).width, 60)
    })
  )
})
