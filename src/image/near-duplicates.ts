/**
 * Near duplicates in a set of images, or between two: copies that were encoded again, cropped a little, flipped, turned or resized. Two
 * steps: candidates by perceptual hash (cheap, all pairs of like colour), then the fine structure of each candidate
 * pair, compared after registration.
 */
import * as Effect from "effect/Effect"
import { decode } from "./decode.ts"
import type { UnreadableImage } from "./error.ts"
import { flipHorizontal, flipVertical, transpose } from "./kernels/flips.ts"
import { compareHashes, HASH_BYTES, type Orientation, type Unfolded, unfold } from "./perceptual-hash.ts"
import type { Pixels } from "./pixels.ts"
import { DETAIL_SIDE, detailCorrelation, type Prepared, prepare } from "./registration.ts"

export interface HashedImage {
  readonly key: string
  /** `Fingerprint.hash`: base64. */
  readonly hash: string
  /** Where it is given, only images of different sets are compared. */
  readonly set?: string
}

export interface Candidate {
  readonly a: string
  readonly b: string
  /** Cosine of the hashes, in the orientation of `b` that is most like `a`. */
  readonly similarity: number
  readonly orientation: Orientation
}

export interface NearDuplicate extends Candidate {
  /** Correlation of the fine structure after registration. */
  readonly correlation: number
}

/** Crops of 3 % a side keep a cosine over 0.88. */
export const CANDIDATE_SIMILARITY = 0.86
/** Copies of HAM10000 photographs are over 0.73, the most alike photographs of different lesions under 0.67. */
export const DUPLICATE_CORRELATION = 0.7
/** How far mean luma and the two halved colour differences of copies may lie apart: grey levels. */
const COLOUR_TOLERANCE = [12, 5, 5] as const

const nearColour = (a: Unfolded, b: Unfolded): boolean =>
  Math.abs(a.colour[0]! - b.colour[0]!) <= COLOUR_TOLERANCE[0] &&
  Math.abs(a.colour[1]! - b.colour[1]!) <= COLOUR_TOLERANCE[1] &&
  Math.abs(a.colour[2]! - b.colour[2]!) <= COLOUR_TOLERANCE[2]

const decodeHash = ({ key, hash }: HashedImage): Unfolded => {
  const bytes = new Uint8Array(Buffer.from(hash, "base64"))
  if (bytes.length !== HASH_BYTES)
    throw new RangeError(`the hash of ${key} has ${bytes.length} bytes, not ${HASH_BYTES}`)
  return unfold(bytes)
}

const comparable = (a: HashedImage, b: HashedImage): boolean => a.set === undefined || a.set !== b.set

/** All pairs of like hashes, each once, in the order of the images. Throws RangeError on a hash that is none. */
export const duplicateCandidates = (
  images: ReadonlyArray<HashedImage>,
  similarity: number = CANDIDATE_SIMILARITY
): ReadonlyArray<Candidate> => {
  const unfolded = images.map(decodeHash)
  // Sorted by luma, each image only meets those within the tolerance.
  const order = images
    .map((_, index) => index)
    .sort((i, j) => unfolded[i]!.colour[0]! - unfolded[j]!.colour[0]! || i - j)
  const found: Array<readonly [number, number, Candidate]> = []
  for (const [rank, index] of order.entries()) {
    const one = unfolded[index]!
    for (let next = rank + 1; next < order.length; next++) {
      const otherIndex = order[next]!
      const other = unfolded[otherIndex]!
      if (other.colour[0]! - one.colour[0]! > COLOUR_TOLERANCE[0]) break
      if (!comparable(images[index]!, images[otherIndex]!) || !nearColour(one, other)) continue
      const [i, j] = index < otherIndex ? [index, otherIndex] : [otherIndex, index]
      const likeness = compareHashes(unfolded[i]!, unfolded[j]!)
      if (likeness.similarity >= similarity) found.push([i, j, { a: images[i]!.key, b: images[j]!.key, ...likeness }])
    }
  }
  return found.sort(([i, j], [k, l]) => i - k || j - l).map(([, , candidate]) => candidate)
}

/** The image as the orientation says it must be seen. */
export const oriented = (image: Pixels, orientation: Orientation): Pixels => {
  const turned = orientation.transpose ? transpose(image) : image
  const flipped = orientation.flipHorizontal ? flipHorizontal(turned) : turned
  return orientation.flipVertical ? flipVertical(flipped) : flipped
}

/** Correlation of the fine structure of `a` and of `b` seen in the given orientation. */
export const confirmDuplicate = (a: Pixels, b: Pixels, orientation: Orientation): number =>
  detailCorrelation(prepare(a), prepare(oriented(b, orientation)))

export interface NearDuplicateOptions {
  readonly similarity?: number
  readonly correlation?: number
  /** What errors call an image. */
  readonly nameOf?: (key: string) => string
  /** Called now and then with the candidate pairs compared so far, and with their number. */
  readonly onCompared?: (compared: number, candidates: number) => Effect.Effect<void>
}

/** Candidate pairs between two reports of progress. */
const REPORTED = 50

/** Enough for the runs of pairs that share an image; about 60 kB an image. */
const KEPT_IMAGES = 1000

/** The pairs whose fine structure agrees. Only the images of candidate pairs are read. */
export const findNearDuplicates = <E, R>(
  images: ReadonlyArray<HashedImage>,
  readBytes: (key: string) => Effect.Effect<Uint8Array, E, R>,
  options: NearDuplicateOptions = {}
): Effect.Effect<ReadonlyArray<NearDuplicate>, E | UnreadableImage, R> =>
  Effect.gen(function* () {
    const {
      similarity = CANDIDATE_SIMILARITY,
      correlation: least = DUPLICATE_CORRELATION,
      nameOf = (key) => key,
      onCompared = () => Effect.void
    } = options
    const kept = new Map<string, { readonly image: Pixels; readonly upright: Prepared }>()
    const load = Effect.fnUntraced(function* (key: string) {
      const known = kept.get(key)
      if (known !== undefined) return known
      const image = yield* decode(yield* readBytes(key), { name: nameOf(key), shorterSide: 2 * DETAIL_SIDE })
      const entry = { image, upright: prepare(image) }
      if (kept.size >= KEPT_IMAGES) kept.delete(kept.keys().next().value!)
      kept.set(key, entry)
      return entry
    })
    const found: Array<NearDuplicate> = []
    const candidates = duplicateCandidates(images, similarity)
    for (const [compared, candidate] of candidates.entries()) {
      if (compared % REPORTED === 0) yield* onCompared(compared, candidates.length)
      const a = yield* load(candidate.a)
      const b = yield* load(candidate.b)
      const correlation = detailCorrelation(a.upright, prepare(oriented(b.image, candidate.orientation)))
      if (correlation >= least) found.push({ ...candidate, correlation })
    }
    return found
  })
