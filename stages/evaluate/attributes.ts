/** What subgroups are taken by, from the columns of the user's table: sex, site, age band, source, skin type. */
import type { Row } from "../../src/dataset/dataset.ts"
import type { Predictions } from "../../src/statistics/types.ts"

type Cell = Row["metadata"][string] | undefined

const text = (cell: Cell): string | null => {
  const found = cell === null || cell === undefined ? "" : String(cell).trim().toLowerCase()
  return found === "" || found === "unknown" || found === "nan" ? null : found
}

/** Bands of 20 years, as wide as test sets of some hundred patients bear. */
const band = (cell: Cell): string | null => {
  const years = typeof cell === "number" ? cell : Number.parseFloat(text(cell) ?? "")
  if (!Number.isFinite(years)) return null
  return years < 40 ? "under 40" : years < 60 ? "40 to 59" : "60 and over"
}

/** Column names in the public data sets, the first that is there. */
const attributes = [
  { name: "sex", columns: ["sex", "gender"], level: text },
  {
    name: "site",
    columns: ["anatom_site_general_challenge", "anatom_site_general", "localization", "location", "region", "site"],
    level: text
  },
  { name: "age", columns: ["age_approx", "age"], level: band },
  // HAM10000's published metadata call it `dataset`, the ISIC archive's `attribution`.
  {
    name: "source",
    columns: ["source", "dataset", "image_source", "attribution", "institution", "centre", "center"],
    level: text
  },
  // PAD-UFES-20 spells it with an s.
  { name: "skin type", columns: ["fitzpatrick", "fitspatrick", "fitzpatrick_skin_type", "skin_type"], level: text }
] as const

/** One column an attribute that the table has with at least two levels. */
export const attributesOf = (
  rows: ReadonlyArray<Pick<Row, "metadata">>
): Exclude<Predictions["attributes"], undefined> => {
  const lowered = rows.map(({ metadata }) =>
    Object.fromEntries(Object.entries(metadata).map(([name, cell]) => [name.toLowerCase(), cell]))
  )
  return Object.fromEntries(
    attributes.flatMap(({ name, columns, level }) => {
      const column = columns.find((key) => lowered.some((cells) => cells[key] !== undefined))
      if (column === undefined) return []
      const levels = lowered.map((cells) => level(cells[column]))
      return new Set(levels.filter((found) => found !== null)).size < 2 ? [] : [[name, levels]]
    })
  )
}
