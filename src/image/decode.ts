/**
 * Bytes → RGB pixels, through libvips (`sharp`). What comes out is upright (EXIF orientation applied), sRGB, 8 bits:
 * CMYK and embedded profiles are converted, grey is repeated, 16 bits are reduced to 8, a palette is looked up. An alpha
 * channel is composited on black, the colour that dermoscopes leave outside the field. (A CMYK file costs some 50 ms more:
 * the transform of its profile is set up for each file, and libvips keeps none.)
 */
import * as Effect from "effect/Effect"
import sharp, { type SharpOptions } from "sharp"
import { UnreadableImage, type UnreadableReason } from "./error.ts"
import { type ImageFormat, sniff } from "./format.ts"
import { storedSize } from "./header.ts"
import { isStrip, type Pixels, type Size, sizeWithShorterSide } from "./pixels.ts"

let bounded = false

/** One thread an image and no operation cache: memory stays bounded, and callers say how many images are under way. */
const reader = (bytes: Uint8Array, options: SharpOptions) => {
  if (!bounded) {
    sharp.concurrency(1)
    sharp.cache(false)
    bounded = true
  }
  return sharp(bytes, options)
}

/** Larger than any dermoscopic photograph; far below what would exhaust memory. */
export const DEFAULT_PIXEL_LIMIT = 100_000_000

export interface ReadOptions {
  /** What errors call the image: its path, as the user knows it. */
  readonly name: string
  /** Images of more pixels (width × height) are refused before decoding. */
  readonly pixelLimit?: number
}

export interface Probe extends Size {
  readonly format: ImageFormat
  /** As stored: 1 (grey or palette), 2, 3 or 4. `width` and `height` are those after EXIF orientation. */
  readonly channels: number
  readonly bitsPerChannel: number
  readonly hasAlpha: boolean
}

const unreadable = (place: string, reason: UnreadableReason, fault: string, mend: string): UnreadableImage =>
  new UnreadableImage({ place, reason, fault, mend })

const BITS: Record<string, number> = { uchar: 8, char: 8, ushort: 16, short: 16, uint: 32, int: 32, float: 32 }

/** libvips reports in lines of its own; the first says what happened. */
const fromLibvips = (name: string, format: ImageFormat, cause: unknown): UnreadableImage => {
  const text = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!.trim()
  const truncated = /premature|truncat|unexpected end|end of (file|data|stream)|not enough data|short read/i.test(text)
  return truncated
    ? unreadable(name, "truncated", `the ${format.toUpperCase()} ends before its image does (${text})`, REFETCH)
    : unreadable(name, "damaged", `the ${format.toUpperCase()} cannot be decoded (${text})`, REFETCH)
}

const REFETCH = "Copy or download the file again, or remove it and its row."

const recognised = (bytes: Uint8Array, name: string): Effect.Effect<ImageFormat, UnreadableImage> => {
  if (bytes.length === 0) return Effect.fail(unreadable(name, "empty", "the file is empty", REFETCH))
  const found = sniff(bytes)
  if (found._tag === "Image") return Effect.succeed(found.format)
  const reason = found.what === "text" || found.what.startsWith("no image") ? "not-an-image" : "unsupported-format"
  return Effect.fail(
    unreadable(
      name,
      reason,
      `the content is ${found.what}, whatever the name says`,
      "Expected JPEG, PNG, WebP, TIFF or a still GIF: convert the file, or remove it and its row."
    )
  )
}

const open = (bytes: Uint8Array, limit: number) =>
  // "error": truncated or damaged data fail; mere warnings (extra bytes between markers, common in archives) do not.
  reader(bytes, { failOn: "error", limitInputPixels: limit, pages: 1 })

const withinLimit = (name: string, { width, height }: Size, limit: number): Effect.Effect<void, UnreadableImage> => {
  if (width * height <= limit) return Effect.void
  const fault = `${width} × ${height} pixels are more than the limit of ${limit}`
  return Effect.fail(unreadable(name, "too-large", fault, "Reduce the image, or raise the pixel limit."))
}

/** What the header says, without decoding the pixels. Fails as `decode` would on a wrong format, size or animation. */
export const probe = (bytes: Uint8Array, options: ReadOptions): Effect.Effect<Probe, UnreadableImage> =>
  Effect.gen(function* () {
    const { name, pixelLimit = DEFAULT_PIXEL_LIMIT } = options
    const format = yield* recognised(bytes, name)
    const header = yield* Effect.tryPromise({
      // The limit is checked below, with a message that gives the size.
      try: () => reader(bytes, { failOn: "error", limitInputPixels: false }).metadata(),
      catch: (cause) => fromLibvips(name, format, cause)
    })
    const { width, height } = header.autoOrient
    if ((header.pages ?? 1) > 1) {
      const mend = "Save the frame that is meant as a file of its own."
      return yield* unreadable(name, "animated", `it holds ${header.pages} frames or pages; one is expected`, mend)
    }
    yield* withinLimit(name, header.autoOrient, pixelLimit)
    return {
      width,
      height,
      format,
      channels: header.channels,
      bitsPerChannel: BITS[header.depth] ?? 8,
      hasAlpha: header.hasAlpha
    }
  })

export interface DecodeOptions extends ReadOptions {
  /**
   * Bring the image to this length of its shorter side (pixels), aspect kept, with an antialiased triangle filter, larger
   * and smaller images alike. Much larger JPEG and WebP are reduced while they are decoded. Absent: the stored size.
   */
  readonly shorterSide?: number
}

export const decode = (bytes: Uint8Array, options: DecodeOptions): Effect.Effect<Pixels, UnreadableImage> =>
  Effect.gen(function* () {
    const { name, pixelLimit = DEFAULT_PIXEL_LIMIT, shorterSide } = options
    const format = yield* recognised(bytes, name)
    const stored = storedSize(bytes, format) ?? (yield* probe(bytes, options))
    yield* withinLimit(name, stored, pixelLimit)
    // A JPEG has no alpha channel, and a step that does nothing still costs its place in the pipeline.
    const turned = open(bytes, pixelLimit).autoOrient()
    const upright = format === "jpeg" ? turned : turned.flatten({ background: "black" })
    let pipeline = upright
    if (shorterSide !== undefined && isStrip(stored)) {
      const { width, height } = sizeWithShorterSide(yield* probe(bytes, options), shorterSide)
      pipeline = upright.resize(width, height, { fit: "fill", kernel: "linear" })
    } else if (shorterSide !== undefined && shorterSide !== Math.min(stored.width, stored.height)) {
      pipeline = upright.resize(shorterSide, shorterSide, { fit: "outside", kernel: "linear" })
    }
    const { data, info } = yield* Effect.tryPromise({
      try: () => pipeline.toColourspace("srgb").raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true }),
      catch: (cause) => fromLibvips(name, format, cause)
    })
    return { width: info.width, height: info.height, data: threeChannels(data, info.channels) }
  })

/** Drops a constant alpha that a colour conversion may add, and repeats a single channel. */
const threeChannels = (data: Buffer, channels: number): Uint8Array => {
  // A plain view: a Buffer's `slice` shares memory where an array's copies.
  if (channels === 3) return new Uint8Array(data.buffer, data.byteOffset, data.length)
  const pixels = data.length / channels
  const rgb = new Uint8Array(pixels * 3)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgb[pixel * 3 + channel] = data[pixel * channels + (channels >= 3 ? channel : 0)]!
    }
  }
  return rgb
}
