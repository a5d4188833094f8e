/** What an image is known by: the digest of its decoded pixels, and its perceptual hash. */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import { decode, type ReadOptions } from "./decode.ts"
import type { UnreadableImage } from "./error.ts"
import { perceptualHash } from "./perceptual-hash.ts"
import type { Pixels } from "./pixels.ts"

export interface Fingerprint {
  readonly width: number
  readonly height: number
  /** SHA-256 of size and upright RGB pixels, in hex: equal for the same picture in any lossless container. */
  readonly pixelDigest: string
  /** The perceptual hash, base64. */
  readonly hash: string
}

export const pixelDigest = ({ width, height, data }: Pixels): string =>
  createHash("sha256").update(`${width}x${height}:`).update(data).digest("hex")

/** Decodes the whole image: a file that gives a fingerprint is readable to its end. */
export const fingerprint = (bytes: Uint8Array, options: ReadOptions): Effect.Effect<Fingerprint, UnreadableImage> =>
  Effect.map(decode(bytes, options), (image) => ({
    width: image.width,
    height: image.height,
    pixelDigest: pixelDigest(image),
    hash: Buffer.from(perceptualHash(image)).toString("base64")
  }))
