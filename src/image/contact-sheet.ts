/** Contact sheets: small images side by side in one PNG, to look at before training. */
import * as Effect from "effect/Effect"
import sharp from "sharp"

export interface Sheet {
  /** Side of every image, pixels. */
  readonly side: number
  /** `side` × `side` × 3 values each: the views of one image, or one view of many (as `Pack.image` gives them). */
  readonly images: ReadonlyArray<Uint8Array>
  /** Images in a row; by default near a square. */
  readonly columns?: number
}

const GAP = 2
const PAPER = 255

/** PNG bytes. An empty sheet is one white gap. */
export const contactSheet = ({ side, images, columns }: Sheet): Effect.Effect<Uint8Array> => {
  const across = Math.max(1, Math.min(images.length, columns ?? Math.ceil(Math.sqrt(images.length))))
  const down = Math.ceil(images.length / across)
  const width = across * (side + GAP) + GAP
  const height = down * (side + GAP) + GAP
  const data = new Uint8Array(width * height * 3).fill(PAPER)
  for (const [index, image] of images.entries()) {
    const left = GAP + (index % across) * (side + GAP)
    const top = GAP + Math.floor(index / across) * (side + GAP)
    for (let y = 0; y < side; y++) {
      data.set(image.subarray(y * side * 3, (y + 1) * side * 3), ((top + y) * width + left) * 3)
    }
  }
  return Effect.promise(async () => {
    const png = await sharp(data, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    return new Uint8Array(png.buffer, png.byteOffset, png.length)
  })
}
