/** What a named override let through in this very run, for the report: rule, number of images, the first of them. */
import type { Provenance, ProvenanceOverride } from "../../src/dataset/provenance.ts"
import type { Split } from "../../src/dataset/split.ts"

const sentence = (setting: string, { rule, rows }: { readonly rule: string; readonly rows: ReadonlyArray<string> }) => {
  const images = [...new Set(rows)]
  const shown = images.slice(0, 5).join(", ")
  return `LET THROUGH by ${setting} (${rule}): ${images.length} images, ${shown}${images.length > 5 ? ", …" : ""}.`
}

export const letThrough = (
  split: Pick<Split, "overrides">,
  provenances: ReadonlyArray<Pick<Provenance, "overrides">>
): ReadonlyArray<string> => {
  const byArms = provenances.flatMap(({ overrides }) => overrides.map((one) => sentence("balance.allow", one)))
  return [...split.overrides.map((one) => sentence("split.allow", one)), ...new Set(byArms)]
}

/** Whether anything stands in two parts of the split: not all that can be let through is a leak. */
export const leaks = ({ overrides }: Pick<Split, "overrides">): boolean =>
  overrides.some(({ rule }) => rule !== "equal-images-in-both-classes")

/** The images outside train that a generator saw, and the synthetic images that show such, that were let through. */
export const leaksOf = (
  provenances: ReadonlyArray<Pick<Provenance, "overrides">>
): { readonly leaked: ReadonlyArray<string>; readonly copies: number } => {
  const rowsOf = (rule: ProvenanceOverride) => [
    ...new Set(provenances.flatMap(({ overrides }) => overrides.flatMap((one) => (one.rule === rule ? one.rows : []))))
  ]
  return {
    leaked: rowsOf("generator-trained-outside-train"),
    copies: rowsOf("synthetic-copies-evaluation").length
  }
}
