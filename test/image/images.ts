/** Images that the tests make themselves. */
import { Effect, Stream } from "effect"
import sharp, { type JpegOptions, type Sharp } from "sharp"
import type { Pixels } from "../../src/image/pixels.ts"
import { renderAll } from "../../src/image/render-all.ts"
import { generator } from "../../src/random/generator.ts"

/** A smooth lesion-like picture with a little grain: no two rows or columns alike, no symmetry. */
export const picture = (width: number, height: number, key = "picture"): Pixels => {
  const random = generator("test", key)
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = Math.hypot(x - width * 0.55, (y - height * 0.45) * 1.2) < Math.min(width, height) * 0.3
      const shade = inside ? 95 : 200
      for (let channel = 0; channel < 3; channel++) {
        const value = shade - 30 * channel + (25 * x) / width - (20 * y) / height + random.integer(9) - 4
        data[(y * width + x) * 3 + channel] = Math.min(255, Math.max(0, value))
      }
    }
  }
  return { width, height, data }
}

export const encoded = ({ width, height, data }: Pixels): Sharp => sharp(data, { raw: { width, height, channels: 3 } })

export const jpegOf = async (pixels: Pixels, options: JpegOptions = {}): Promise<Uint8Array> =>
  new Uint8Array(
    await encoded(pixels)
      .jpeg({ quality: 90, ...options })
      .toBuffer()
  )

export const pngOf = async (pixels: Pixels): Promise<Uint8Array> =>
  new Uint8Array(await encoded(pixels).png().toBuffer())

/** Mean absolute difference in grey levels. */
export const difference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length

/** The bytes of the pack that `renderAll` makes piece by piece. */
export const packOf = <E1, R1, E2 = never, R2 = never>(...args: Parameters<typeof renderAll<E1, R1, E2, R2>>) =>
  Effect.map(Stream.runCollect(renderAll(...args)), (pieces) => Buffer.concat(pieces))
