/** Why a comparison is refused. */
import * as Schema from "effect/Schema"

export const Rule = Schema.Literals([
  "synthetic-in-evaluation",
  "group-overlap",
  "image-overlap",
  "generator-outside-train",
  "unequal-evaluation-sets",
  "evaluation-outside-test",
  "missing-seeds",
  "unknown-arm",
  "invalid-options",
  "too-few-groups"
])
export type Rule = typeof Rule.Type

/** What a comparison must hold to, in the words of the message, and how to mend it. */
const EXPLANATIONS: Readonly<Record<Rule, readonly [fault: string, mend: string]>> = {
  "synthetic-in-evaluation": [
    "synthetic images outside the training split",
    "keep validation and test real: let synthetic images join at training only"
  ],
  "group-overlap": [
    "groups (patient, lesion or near-duplicate cluster) in more than one split",
    "split by group, so that every group lies in one split"
  ],
  "image-overlap": ["images in more than one split", "remove the copies, or put them into one group before the split"],
  "generator-outside-train": [
    "the generator was trained on images that are not in the training split",
    "train the generator on the training split only, or leave those images out of validation and test"
  ],
  "unequal-evaluation-sets": [
    "the arms were not evaluated on the same images, groups and labels",
    "evaluate every arm and seed on the one test split"
  ],
  "evaluation-outside-test": ["evaluated images that are not in the test split", "evaluate on the test split"],
  "missing-seeds": ["arms that lack a seed that another arm has", "run every arm with the same seeds"],
  "unknown-arm": ["arms named twice or not there", "name every arm once, and the reference and primary among them"],
  "invalid-options": ["settings of the comparison that cannot be used", "correct them in the configuration"],
  "too-few-groups": [
    "a class with fewer than two groups in the evaluation set, so no interval can be given",
    "use a test split with more groups of that class"
  ]
}

/** One broken rule and the rows (images, groups, arms or seeds) that break it. */
export const Violation = Schema.Struct({ rule: Rule, rows: Schema.NonEmptyArray(Schema.String) })
export type Violation = typeof Violation.Type

const SHOWN = 10

/** The comparison would not be valid; `violations` holds every offending row, the message the first of each rule. */
export class InvalidComparison extends Schema.TaggedError<InvalidComparison>()("InvalidComparison", {
  violations: Schema.NonEmptyArray(Violation)
}) {
  override get message() {
    const parts = this.violations.map(({ rule, rows }) => {
      const [fault, mend] = EXPLANATIONS[rule]
      const more = rows.length > SHOWN ? [`… and ${rows.length - SHOWN} more`] : []
      const lines = [...rows.slice(0, SHOWN), ...more].map((row) => `    ${row}`)
      return [`  ${rule}: ${fault} (${rows.length})`, ...lines, `    → ${mend}`].join("\n")
    })
    return ["this comparison is not valid:", ...parts].join("\n")
  }
}
