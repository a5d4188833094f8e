/** The stored size of JPEG and PNG images, read from their headers: spares the decoder a round of its own. */
import type { ImageFormat } from "./format.ts"
import type { Size } from "./pixels.ts"

/** Start of frame: C0…CF but for the tables among them (DHT, JPG, DAC). */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** ITU-T T.81, annex B: segments of a marker and a length, up to the frame header. */
const jpegSize = (view: DataView): Size | undefined => {
  let at = 2
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) at += 1
    else if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    else if (marker === 0xd8 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2
    else if (marker === 0xd9 || marker === 0xda) return undefined
    else at += 2 + view.getUint16(at + 2)
  }
  return undefined
}

/** The first chunk is IHDR: ISO/IEC 15948, 11.2.1. */
const pngSize = (view: DataView): Size | undefined =>
  view.byteLength < 24 || view.getUint32(12) !== 0x49484452
    ? undefined
    : { width: view.getUint32(16), height: view.getUint32(20) }

/**
 * Width and height as stored (before EXIF orientation), where the format cannot hold several images and the header is
 * plain; undefined where the decoder has to be asked.
 */
export const storedSize = (bytes: Uint8Array, format: ImageFormat): Size | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = format === "jpeg" ? jpegSize(view) : format === "png" ? pngSize(view) : undefined
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined
}
