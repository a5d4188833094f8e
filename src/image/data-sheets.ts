/** Contact sheets of a data set: some images of each kind, pairs that show one picture, the views of one image. */
import * as Effect from "effect/Effect"
import { generator } from "../random/generator.ts"
import { contactSheet } from "./contact-sheet.ts"
import { type PlanRow, planView } from "./plan.ts"
import { renderViews, type View } from "./render.ts"
import type { Transforms } from "./transforms/transform.ts"

export interface SheetImage extends PlanRow {
  readonly id: string
}

export interface NamedSheet {
  readonly name: string
  /** PNG bytes. */
  readonly png: Uint8Array
}

/** Reads the bytes of an image by its digest. */
type Read<E, R> = (digest: string) => Effect.Effect<Uint8Array, E, R>

/** Side of an image on a sheet, pixels; images in a row. */
const SIDE = 96
const ACROSS = 12

/** At most `count` images, the same whatever the others are. */
const sample = (images: ReadonlyArray<SheetImage>, count: number): ReadonlyArray<SheetImage> =>
  images
    .map((image) => ({ image, draw: generator("contact-sheet", image.digest).float() }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, count)
    .map(({ image }) => image)

const thumbnail = <E, R>(read: Read<E, R>, { id, digest }: SheetImage, views: ReadonlyArray<View>, side: number) =>
  Effect.flatMap(read(digest), (bytes) => renderViews(bytes, views, side, { name: id }))

/** Fills the row up with white, so that the next kind begins a new one. */
const wholeRows = (images: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> => {
  const absent = (ACROSS - (images.length % ACROSS)) % ACROSS
  return [...images, ...Array.from({ length: absent }, () => new Uint8Array(SIDE * SIDE * 3).fill(255))]
}

/** Two rows of each kind, in the order given. */
export const kindsSheet = <E, R>(name: string, kinds: ReadonlyArray<ReadonlyArray<SheetImage>>, read: Read<E, R>) =>
  Effect.gen(function* () {
    const images: Array<Uint8Array> = []
    for (const kind of kinds) {
      const some = yield* Effect.forEach(sample(kind, 2 * ACROSS), (image) => thumbnail(read, image, [[]], SIDE))
      images.push(...wholeRows(some))
    }
    const png = yield* contactSheet({ side: SIDE, images, columns: ACROSS })
    return { name, png } satisfies NamedSheet
  })

/** Pairs beside each other, the first 36. */
export const pairsSheet = <E, R>(
  name: string,
  pairs: ReadonlyArray<readonly [SheetImage, SheetImage]>,
  read: Read<E, R>
) =>
  Effect.gen(function* () {
    const shown = pairs.slice(0, 3 * ACROSS).flat()
    const images = yield* Effect.forEach(shown, (image) => thumbnail(read, image, [[]], SIDE))
    const png = yield* contactSheet({ side: SIDE, images, columns: ACROSS })
    return { name, png } satisfies NamedSheet
  })

/** The image as it is, then its views as they would be trained on. */
export const viewsSheet = <E, R>(
  name: string,
  image: SheetImage,
  augment: { readonly transforms: Transforms; readonly seed: number; readonly views: number; readonly side: number },
  read: Read<E, R>
) =>
  Effect.gen(function* () {
    const { transforms, seed, views, side } = augment
    const plans = Array.from({ length: views }, (_, view) => planView(transforms, seed, image, view))
    const pixels = yield* thumbnail(read, image, [[], ...plans], side)
    const length = side * side * 3
    const images = Array.from({ length: views + 1 }, (_, index) =>
      pixels.subarray(index * length, (index + 1) * length)
    )
    const png = yield* contactSheet({ side, images })
    return { name, png } satisfies NamedSheet
  })
