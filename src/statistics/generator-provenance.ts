/** What is known of the images that the generator was trained on, in the words of the verdict, the report and the card. */
import type { Audit } from "./comparison-types.ts"

type Generator = Audit["generator"]

const images = (n: number): string => (n === 1 ? "1 validation or test image" : `${n} validation or test images`)

/** "the generator saw 3 validation or test images, let through by name"; `null` where nothing was let through. */
export const leakText = ({ leaked, copies }: Generator): string | null => {
  const found = [
    ...(leaked > 0 ? [`the generator saw ${images(leaked)}`] : []),
    ...(copies > 0
      ? [`${copies} synthetic ${copies === 1 ? "image shows" : "images show"} validation or test images`]
      : [])
  ]
  return found.length === 0 ? null : `${found.join(" and ")}, let through by name`
}

/** How many of the images that the manifest names were found; `null` where all were, or where there is no manifest. */
export const partialText = ({ provenance, images: found, missing }: Generator): string | null => {
  if (provenance === "leaked" || found === null || missing === 0) return null
  const all = found + missing
  return found === 0
    ? `none of the ${all} images that the manifest names is in this data set, so none could be checked`
    : `${found} of ${all} are in train, none in validation or test; ${missing} are not in this data set and could not be checked`
}

/** One line for any state. */
export const provenanceText = (generator: Generator): string => {
  switch (generator.provenance) {
    case "known":
      return partialText(generator) ?? "every training image of the generator is in the training split"
    case "leaked":
      return leakText(generator)!
    case "unknown":
      return `provenance unknown: ${partialText(generator) ?? unknownText(generator)}`
    case "none":
      return "no generator in this comparison"
  }
}

/** Why nothing is known: no manifest, or one that was not held against the splits. */
const unknownText = ({ manifest }: Generator): string =>
  manifest
    ? "the table of splits was not given, so its manifest could not be checked"
    : "no manifest says what the generator was trained on"
