/** Rows of a pack, for the model: what fine-tune and evaluate have in common. */
import * as Schema from "effect/Schema"
import type { Pack } from "../src/image/pack.ts"
import type { ImageSource } from "../src/model/data.ts"

/** A row of the split or the balance has no image in the pack: the two were not made for each other. */
export class NotInPack extends Schema.TaggedError<NotInPack>()("NotInPack", { id: Schema.String }) {
  override get message(): string {
    return `${this.id} is not among the rendered images\n  mend: wire the pack that was made from the same split and plan`
  }
}

/** The named rows of the pack, in their order. Throws `NotInPack`. */
export const imagesOf = (
  pack: Pack,
  rows: ReadonlyArray<{ readonly id: string; readonly digest: string }>
): ImageSource => {
  const positions = rows.map(({ id, digest }) => {
    const position = pack.indexOf(digest)
    if (position === undefined) throw new NotInPack({ id })
    return position
  })
  return {
    size: rows.length,
    views: pack.views,
    side: pack.side,
    read: (row, view, into) => pack.read(positions[row]!, view, into)
  }
}

/** The rows with these ids, in the order of the ids. */
export const rowsWithIds = <Row extends { readonly id: string }>(
  rows: ReadonlyArray<Row>,
  ids: ReadonlyArray<string>
): ReadonlyArray<Row> => {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
