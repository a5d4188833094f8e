/** Rows of a pack, for the model: what fine-tune and evaluate have in common. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { openPack, type Pack, type PackBytes } from "../src/image/pack.ts"
import type { FeatureSource, ImageSource, Source } from "../src/model/data.ts"
import type { WeightFileError } from "../src/model/errors.ts"
import { type FeaturePack, openFeatures, type Readable } from "../src/model/features/pack.ts"

/** A row of the split or the balance has no image in the pack: the two were not made for each other. */
export class NotInPack extends Schema.TaggedError<NotInPack>()("NotInPack", { id: Schema.String }) {
  override get message(): string {
    return `${this.id} is not among the rendered images\n  mend: wire the pack that was made from the same split and plan`
  }
}

type Named = ReadonlyArray<{ readonly id: string; readonly digest: string }>

const positionsOf = (pack: { readonly indexOf: (key: string) => number | undefined }, rows: Named) =>
  rows.map(({ id, digest }) => {
    const position = pack.indexOf(digest)
    if (position === undefined) throw new NotInPack({ id })
    return position
  })

/** The named rows of the pack, in their order. Throws `NotInPack`. */
export const imagesOf = (pack: Pack, rows: Named): ImageSource => {
  const positions = positionsOf(pack, rows)
  return {
    size: rows.length,
    views: pack.views,
    side: pack.side,
    read: (row, view, into) => pack.read(positions[row]!, view, into)
  }
}

/** All images of the pack. */
export const allOf = (pack: Pack): ImageSource => ({
  size: pack.keys.length,
  views: pack.views,
  side: pack.side,
  read: pack.read
})

/** The features of the named rows, in their order. Throws `NotInPack`. */
export const featuresOf = (pack: FeaturePack, rows: Named): FeatureSource => {
  const positions = positionsOf(pack, rows)
  const { views, shape, done, read } = pack
  return { size: rows.length, views, shape, done, read: (row, view, into) => read(positions[row]!, view, into) }
}

/** Neither images nor features came in. */
export class NoInput extends Schema.TaggedError<NoInput>()("NoInput", {}) {
  override get message(): string {
    return "a network needs images or features\n  mend: wire a pack, or features made of one"
  }
}

/** The named rows of the features where there are some, else of the pack. */
export const sourceOf = Effect.fnUntraced(function* (
  pack: PackBytes | undefined,
  features: Readable | undefined,
  rows: Named
) {
  const attempt = (open: () => Source) =>
    Effect.try({ try: open, catch: (error) => error as NotInPack | WeightFileError })
  if (features !== undefined) return yield* attempt(() => featuresOf(openFeatures(features), rows))
  if (pack === undefined) return yield* new NoInput({})
  const images = yield* openPack(pack)
  return yield* attempt(() => imagesOf(images, rows))
})

/** The rows with these ids, in the order of the ids. */
export const rowsWithIds = <Row extends { readonly id: string }>(
  rows: ReadonlyArray<Row>,
  ids: ReadonlyArray<string>
): ReadonlyArray<Row> => {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
