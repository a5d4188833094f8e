/** What a reader must see beside the verdict, and not only in a table further down. */
import { fixed, list } from "./format.ts"
import type { ReportInput } from "./input.ts"

/** From this AUC of real against synthetic on, a network has something else than the disease to learn. */
const shortcut = 0.9

const provenance = ({ comparison: { arms, audit } }: ReportInput): Array<string> =>
  audit.generator.provenance === "unknown" && arms.some((arm) => arm.training.synthetic > 0)
    ? [
        "Provenance unknown: no manifest says what the generator was trained on. Had it seen test images, the result would flatter the synthetic ones."
      ]
    : []

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
