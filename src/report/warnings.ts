/** What a reader must see beside the verdict, and not only in a table further down. */
import { provenanceText } from "../statistics/generator-provenance.ts"
import { fixed, list } from "./format.ts"
import type { ReportInput } from "./input.ts"

/** From this AUC of real against synthetic on, a network has something else than the disease to learn. */
const shortcut = 0.9

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`

const provenance = ({ comparison: { arms, audit } }: ReportInput): Array<string> => {
  const { generator } = audit
  if (!arms.some((arm) => arm.training.synthetic > 0)) return []
  switch (generator.provenance) {
    case "unknown":
      return [
        `${sentence(provenanceText(generator))} Had it seen test images, the result would flatter the synthetic ones.`
      ]
    case "leaked":
      return [`${sentence(provenanceText(generator))} The result may flatter the synthetic images.`]
    case "known":
      return generator.missing === 0 ? [] : [`Training images of the generator: ${provenanceText(generator)}.`]
    case "none":
      return []
  }
}

const shortcuts = ({ generator = [] }: ReportInput): Array<string> =>
  generator.flatMap(({ className, realVersusFake: { features, spectrum } }) => {
    const found = [
      ...(features !== null && features.value >= shortcut ? [`on features (AUC ${fixed(features.value)})`] : []),
      ...(spectrum !== null && spectrum.value >= shortcut ? [`on high frequencies (AUC ${fixed(spectrum.value)})`] : [])
    ]
    return found.length === 0
      ? []
      : [
          `Synthetic images (${className}) can be told from real ones ${list(found)}: a network may learn that difference in place of the disease.`
        ]
  })

export const warnings = (input: ReportInput): Array<string> => [...provenance(input), ...shortcuts(input)]
