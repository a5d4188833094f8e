/** What the report says of images that are no leak and yet no clean data. */
import type { Dataset } from "../../src/dataset/dataset.ts"
import { conflictingPairs } from "../../src/dataset/groups.ts"
import type { Provenance } from "../../src/dataset/provenance.ts"

const first = (texts: ReadonlyArray<string>): string =>
  `${texts.slice(0, 5).join(", ")}${texts.length > 5 ? ", …" : ""}`

/** Synthetic images that show an image of train, over all arms. */
export const memorised = (provenances: ReadonlyArray<Pick<Provenance, "copiesOfTrain">>): ReadonlyArray<string> => {
  const found = [...new Set(provenances.flatMap(({ copiesOfTrain }) => copiesOfTrain))]
  return found.length === 0
    ? []
    : [
        `${found.length} synthetic ${found.length === 1 ? "image shows" : "images show"} an image of train (=: the same picture, ~: nearly): ${first(found)}. The generator memorised ${found.length === 1 ? "it" : "them"}, or files lie in the wrong folder.`
      ]
}

/** Near duplicates with different labels: no split parts them, and one label of each may be wrong. */
export const contradictory = ({ rows, nearDuplicates }: Pick<Dataset, "rows" | "nearDuplicates">) => {
  const pairs = conflictingPairs(rows, nearDuplicates).map(([a, b]) => `${a} ~ ${b}`)
  return pairs.length === 0
    ? []
    : [
        `${pairs.length} ${pairs.length === 1 ? "pair" : "pairs"} of near duplicates in both classes: ${first(pairs)}. One lesion at two times, or a wrong label.`
      ]
}
