/** What a data set is, in three lines: what a plan says of the images. */
import * as Schema from "effect/Schema"

/** What is taken of the summary that `describe` makes, as it stands in an artifact. */
const Facts = Schema.Struct({
  images: Schema.Int,
  classes: Schema.Struct({ benign: Schema.Int, melanoma: Schema.Int }),
  groups: Schema.Struct({ count: Schema.Int, largest: Schema.Int }),
  sizes: Schema.Array(Schema.Tuple([Schema.String, Schema.Int])),
  equalImages: Schema.Int,
  nearDuplicates: Schema.Int,
  unreadable: Schema.Array(Schema.Json),
  excluded: Schema.Array(Schema.Json),
  columns: Schema.Array(Schema.Struct({ name: Schema.String, missing: Schema.Int })),
  suspicious: Schema.Array(Schema.String)
})

const decode = Schema.decodeUnknownSync(Facts)

/** Columns that are named; the others are counted. */
const named = 4

const missingIn = (columns: (typeof Facts.Type)["columns"]): string => {
  const lacking = columns.filter(({ missing }) => missing > 0)
  if (lacking.length === 0) return "no missing values"
  const shown = lacking.slice(0, named).map(({ name, missing }) => `${name} ${missing}`)
  const more = lacking.length > named ? ` and ${lacking.length - named} more columns` : ""
  return `missing values: ${shown.join(", ")}${more}`
}

/** `title` names the set, such as "real images"; `summary` is what `describe` gives, as JSON. */
export const briefText = (title: string, summary: Schema.Json): ReadonlyArray<string> => {
  const { images, classes, groups, sizes, columns, ...rest } = decode(summary)
  const share = images === 0 ? 0 : (100 * classes.melanoma) / images
  const [size] = sizes
  const sized =
    size === undefined ? "" : sizes.length === 1 ? `all ${size[0]}` : `${sizes.length} sizes, most ${size[0]}`
  return [
    `${title}: ${images}, melanoma ${classes.melanoma} (${share.toFixed(1)} %), other ${classes.benign}; ${groups.count} groups, the largest of ${groups.largest}`,
    `  ${sized === "" ? "" : `${sized}; `}equal ${rest.equalImages}, near duplicates ${rest.nearDuplicates}, unreadable ${rest.unreadable.length}, left out ${rest.excluded.length}`,
    `  ${missingIn(columns)}; suspicious: ${rest.suspicious.length}`
  ]
}
