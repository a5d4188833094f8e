/** What a file is, by its first bytes: names lie (a text file called .jpg), and a decoder is only handed what it should read. */

export type ImageFormat = "jpeg" | "png" | "webp" | "tiff" | "gif"

export type Sniffed =
  | { readonly _tag: "Image"; readonly format: ImageFormat }
  /** Something recognised that is not read here, in words. */
  | { readonly _tag: "Other"; readonly what: string }

const starts = (bytes: Uint8Array, at: number, signature: ReadonlyArray<number> | string): boolean => {
  const codes = typeof signature === "string" ? [...signature].map((letter) => letter.charCodeAt(0)) : signature
  return bytes.length >= at + codes.length && codes.every((code, index) => bytes[at + index] === code)
}

const image = (format: ImageFormat): Sniffed => ({ _tag: "Image", format })
const other = (what: string): Sniffed => ({ _tag: "Other", what })

/** Printable ASCII, tabs and line ends only, in the first 64 bytes. */
const looksLikeText = (bytes: Uint8Array): boolean =>
  bytes
    .subarray(0, 64)
    .every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127) || byte >= 0xc2)

export const sniff = (bytes: Uint8Array): Sniffed => {
  if (starts(bytes, 0, [0xff, 0xd8, 0xff])) return image("jpeg")
  if (starts(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return image("png")
  if (starts(bytes, 0, "RIFF") && starts(bytes, 8, "WEBP")) return image("webp")
  if (starts(bytes, 0, "II*\0") || starts(bytes, 0, "MM\0*")) return image("tiff")
  if (starts(bytes, 0, "GIF8")) return image("gif")
  if (starts(bytes, 128, "DICM")) return other("a DICOM file")
  if (starts(bytes, 4, "ftyp")) return other("a HEIC, AVIF or video file")
  if (starts(bytes, 0, "%PDF")) return other("a PDF")
  if (starts(bytes, 0, "BM")) return other("a BMP file")
  if (starts(bytes, 0, "PK\x03\x04")) return other("a ZIP archive")
  if (starts(bytes, 0, [0x1f, 0x8b])) return other("a gzip file")
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 256)).trimStart().toLowerCase()
  if (head.startsWith("version https://git-lfs")) return other("a Git LFS pointer, not the file itself")
  if (head.startsWith("<svg") || (head.startsWith("<?xml") && head.includes("<svg"))) return other("an SVG drawing")
  if (head.startsWith("<!doctype html") || head.startsWith("<html")) return other("an HTML page")
  if (looksLikeText(bytes)) return other("text")
  return other("no image format known here")
}
