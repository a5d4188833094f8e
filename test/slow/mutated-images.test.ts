/** At least 500 damaged files of every format: each is read or refused by name, and none crashes, hangs or exhausts memory. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import sharp, { type Sharp } from "sharp"
import { decode } from "../../src/image/decode.ts"
import { fingerprint } from "../../src/image/fingerprint.ts"
import { type Generator, generator } from "../../src/random/generator.ts"
import { encoded, picture } from "../image/images.ts"

const FILES = 500
const PIXEL_LIMIT = 4_000_000

const image = picture(97, 61)
const formats: Readonly<Record<string, () => Sharp>> = {
  "baseline JPEG": () => encoded(image).jpeg({ quality: 85 }),
  "progressive JPEG": () => encoded(image).jpeg({ quality: 85, progressive: true }),
  // The slowest by far: Little CMS sets up its transform anew for every file, which costs more than the decoding.
  "CMYK JPEG": () => encoded(image).toColourspace("cmyk").jpeg(),
  "JPEG with EXIF": () => encoded(image).jpeg().withMetadata({ orientation: 6 }),
  PNG: () => encoded(image).png(),
  "palette PNG": () => encoded(image).png({ palette: true }),
  "16-bit PNG": () => encoded(image).toColourspace("rgb16").png(),
  WebP: () => encoded(image).webp(),
  "lossless WebP": () => encoded(image).webp({ lossless: true }),
  "TIFF, LZW": () => encoded(image).tiff({ compression: "lzw" }),
  "TIFF, JPEG": () => encoded(image).tiff({ compression: "jpeg" }),
  GIF: () => encoded(image).gif()
}

const bytesAt = (random: Generator, length: number): number => random.integer(length)

const mutations: ReadonlyArray<readonly [string, (bytes: Uint8Array, random: Generator) => Uint8Array]> = [
  ["cut off", (bytes, random) => bytes.slice(0, bytesAt(random, bytes.length))],
  [
    "bits flipped",
    (bytes, random) => {
      const copy = bytes.slice()
      for (let i = 0; i <= random.integer(8); i++) copy[bytesAt(random, copy.length)]! ^= 1 << random.integer(8)
      return copy
    }
  ],
  [
    // Where sizes, counts and offsets stand.
    "header overwritten",
    (bytes, random) => {
      const copy = bytes.slice()
      for (let i = 0; i < 4; i++) copy[random.integer(Math.min(200, copy.length))] = random.integer(256)
      return copy
    }
  ],
  [
    "header set to extremes",
    (bytes, random) => {
      const copy = bytes.slice()
      const at = random.integer(Math.min(160, copy.length - 4))
      copy.fill(random.integer(2) * 255, at, at + 1 + random.integer(4))
      return copy
    }
  ],
  [
    "a span zeroed",
    (bytes, random) => {
      const copy = bytes.slice()
      const at = bytesAt(random, copy.length)
      return copy.fill(0, at, at + random.integer(400))
    }
  ],
  [
    "a span removed",
    (bytes, random) => {
      const at = bytesAt(random, bytes.length)
      return Uint8Array.of(...bytes.slice(0, at), ...bytes.slice(at + 1 + random.integer(200)))
    }
  ],
  [
    "noise inserted",
    (bytes, random) => {
      const at = bytesAt(random, bytes.length)
      const noise = Array.from({ length: 1 + random.integer(64) }, () => random.integer(256))
      return Uint8Array.of(...bytes.slice(0, at), ...noise, ...bytes.slice(at))
    }
  ]
]

describe("mutated files", () => {
  for (const [format, make] of Object.entries(formats)) {
    it(`${FILES} of ${format}`, async () => {
      const original = new Uint8Array(await make().toBuffer())
      let refused = 0
      for (let file = 0; file < FILES; file++) {
        const random = generator("mutated", format, file)
        const [what, mutate] = mutations[file % mutations.length]!
        const name = `folder/${format} ${file} (${what}).jpg`
        const bytes = mutate(original, random)
        const options = { name, pixelLimit: PIXEL_LIMIT }
        const full = await Effect.runPromise(Effect.result(decode(bytes, options)))
        const small = await Effect.runPromise(Effect.result(decode(bytes, { ...options, shorterSide: 32 })))
        if (full._tag === "Failure") {
          refused++
          assert.strictEqual(full.failure._tag, "UnreadableImage", name)
          assert.isTrue(full.failure.message.startsWith(`${name}: `), full.failure.message)
          assert.isNotEmpty(full.failure.mend)
        } else {
          const { width, height, data } = full.success
          assert.strictEqual(data.length, width * height * 3, name)
          assert.isAtMost(width * height, PIXEL_LIMIT, name)
        }
        if (small._tag === "Success") {
          const { width, height, data } = small.success
          assert.strictEqual(Math.min(width, height), 32, name)
          assert.strictEqual(data.length, width * height * 3, name)
        }
      }
      // Some damage cannot be seen (a flipped bit in the pixels of a file without checksums); most can.
      assert.isAbove(refused, FILES / 5)
    })
  }

  it("a header that promises more pixels than the limit is refused before anything is allocated", async () => {
    const png = new Uint8Array(
      await sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } })
        .png()
        .toBuffer()
    )
    new DataView(png.buffer).setUint32(16, 60_000)
    new DataView(png.buffer).setUint32(20, 60_000)
    const error = await Effect.runPromise(Effect.flip(fingerprint(png, { name: "bomb.png" })))
    assert.oneOf(error.reason, ["too-large", "damaged", "truncated"])
  })
})
