import { assert, it } from "@effect/vitest"
import fc from "fast-check"
import type { Sharp } from "sharp"
import { sniff } from "../../src/image/format.ts"
import { storedSize } from "../../src/image/header.ts"
import { encoded, picture } from "./images.ts"

const image = picture(45, 31)
const bytes = async (pipeline: Sharp) => new Uint8Array(await pipeline.toBuffer())
const formatOf = (content: Uint8Array) => {
  const found = sniff(content)
  return found._tag === "Image" ? found.format : undefined
}

it("the stored size of JPEG and PNG is read, whatever stands before the frame", async () => {
  for (const pipeline of [
    encoded(image).jpeg(),
    encoded(image).jpeg({ progressive: true }),
    encoded(image).jpeg().withMetadata({ orientation: 6 }).withIccProfile("p3"),
    encoded(image).toColourspace("cmyk").jpeg(),
    encoded(image).greyscale().jpeg(),
    encoded(image).png({ palette: true })
  ]) {
    const content = await bytes(pipeline)
    assert.deepStrictEqual(storedSize(content, formatOf(content)!), { width: 45, height: 31 })
  }
})

it("formats that may hold several images are left to the decoder", async () => {
  for (const pipeline of [encoded(image).webp(), encoded(image).tiff(), encoded(image).gif()]) {
    const content = await bytes(pipeline)
    assert.isUndefined(storedSize(content, formatOf(content)!))
  }
})

it("any bytes at all give a size or nothing", () => {
  const start = fc.constantFrom([0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 80 }), fc.constantFrom("jpeg", "png"), (head, tail, format) => {
      const size = storedSize(Uint8Array.of(...head, ...tail), format as "jpeg")
      if (size !== undefined) assert.isAbove(size.width * size.height, 0)
    })
  )
})
