/** Images of a pack as the report embeds them. */
import * as Effect from "effect/Effect"
import sharp from "sharp"

/** `side` × `side` × 3 values → the bytes of a PNG in base64. */
export const png = (pixels: Uint8Array, side: number): Effect.Effect<string> =>
  Effect.promise(async () => {
    const bytes = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    return bytes.toString("base64")
  })
