/** The audit of a comparison: what makes it fair, checked on the rows themselves. */
import type * as Effect from "effect/Effect"
import {
  type GeneratorManifest,
  groupsInSeveralSplits,
  refuse,
  type SplitRow,
  splitViolations,
  violation
} from "./check-splits.ts"
import type { Audit } from "./comparison-types.ts"
import type { InvalidComparison, Violation } from "./invalid-comparison.ts"
import type { Predictions } from "./types.ts"

/** One training run of an arm, evaluated on the test split. `threshold` is a logit chosen on validation. */
export interface Run {
  readonly seed: number
  readonly threshold: number
  readonly predictions: Predictions
}

export interface Arm {
  readonly arm: string
  readonly description: string
  /** Rows in training, before resampling. */
  readonly training: { readonly real: number; readonly synthetic: number }
  readonly runs: ReadonlyArray<Run>
}

export interface ComparisonInput {
  /** The arm that the others are measured against. */
  readonly reference: string
  readonly arms: ReadonlyArray<Arm>
  /** The split of all images; without it the overlaps are not checked and the audit says so. */
  readonly splits?: ReadonlyArray<SplitRow>
  /** Groups in more than one split are counted and not refused: the user let them through by name. */
  readonly overlapsLetThrough?: boolean
  /** Absent where no arm has synthetic images. */
  readonly generator?: GeneratorManifest
}

/** What must be the same of an image in every arm. */
const rowsOf = ({ id, group, label }: Predictions): Map<string, string> =>
  new Map(id.map((name, row) => [name, `label ${label[row]}, group ${group[row]}`]))

const evaluationViolations = (input: ComparisonInput): ReadonlyArray<Violation> => {
  const first = input.arms[0]!.runs[0]!.predictions
  const expected = rowsOf(first)
  const differing = new Set<string>()
  const synthetic = new Set<string>()
  for (const { arm, runs } of input.arms) {
    for (const { seed, predictions } of runs) {
      const found = rowsOf(predictions)
      for (const [id, row] of found) {
        if (!expected.has(id)) differing.add(`${id} only in ${arm}, seed ${seed}`)
        else if (expected.get(id) !== row) differing.add(`${id}: ${row} in ${arm}, elsewhere ${expected.get(id)}`)
      }
      for (const id of expected.keys()) if (!found.has(id)) differing.add(`${id} missing in ${arm}, seed ${seed}`)
      predictions.origin.forEach((origin, row) => {
        if (origin === "synthetic") synthetic.add(predictions.id[row]!)
      })
    }
  }
  const classes = ([0, 1] as const).filter(
    (label) => new Set(first.group.filter((_, row) => first.label[row] === label)).size < 2
  )
  const test = input.splits && new Set(input.splits.filter((row) => row.split === "test").map((row) => row.id))
  return [
    ...violation("synthetic-in-evaluation", synthetic),
    ...violation("unequal-evaluation-sets", differing),
    ...violation("evaluation-outside-test", test ? first.id.filter((id) => !test.has(id)) : []),
    ...violation(
      "too-few-groups",
      classes.map((label) => `class ${label}`)
    )
  ]
}

const seedViolations = (arms: ReadonlyArray<Arm>): ReadonlyArray<Violation> => {
  const seeds = new Set(arms.flatMap((arm) => arm.runs.map((run) => run.seed)))
  return violation(
    "missing-seeds",
    arms.flatMap(({ arm, runs }) => {
      const own = runs.map((run) => run.seed)
      const missing = [...seeds].filter((seed) => !own.includes(seed)).map((seed) => `${arm} lacks seed ${seed}`)
      const twice = own.filter((seed, at) => own.indexOf(seed) !== at).map((seed) => `${arm} has seed ${seed} twice`)
      return [...missing, ...twice, ...(runs.length === 0 ? [`${arm} has no run`] : [])]
    })
  )
}

const armViolations = ({ arms, reference }: ComparisonInput): ReadonlyArray<Violation> => {
  const names = arms.map((arm) => arm.arm)
  const twice = names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} twice`)
  return violation("unknown-arm", [
    ...twice,
    ...(names.includes(reference) ? [] : [`reference ${reference} is not among ${names.join(", ") || "no arms"}`]),
    ...(names.length < 2 ? ["there must be an arm beside the reference"] : [])
  ])
}

const generatorAudit = (
  usesSynthetic: boolean,
  { trainedOn, missing = 0, letThrough = { leaked: [], copies: 0 } }: GeneratorManifest = { trainedOn: null },
  lookedUp: boolean
): Audit["generator"] => {
  const leaked = new Set(letThrough.leaked)
  const inTrain = trainedOn === null || !lookedUp ? null : trainedOn.filter((id) => !leaked.has(id)).length
  const common = {
    manifest: trainedOn !== null,
    images: inTrain,
    missing,
    leaked: leaked.size,
    copies: letThrough.copies
  }
  if (leaked.size > 0 || letThrough.copies > 0) return { provenance: "leaked", ...common }
  // Where nothing was looked up, or nothing found, the provenance is as unknown as without a manifest.
  const nothing = inTrain === null || (inTrain === 0 && missing > 0)
  return { provenance: !nothing ? "known" : usesSynthetic || trainedOn !== null ? "unknown" : "none", ...common }
}

const auditOf = ({ arms, splits, generator }: ComparisonInput): Audit => {
  const { predictions } = arms[0]!.runs[0]!
  const usesSynthetic = arms.some((arm) => arm.training.synthetic > 0)
  return {
    images: predictions.id.length,
    groups: new Set(predictions.group).size,
    syntheticInEvaluation: 0,
    groupOverlaps: splits === undefined ? null : groupsInSeveralSplits(splits).length,
    imageOverlaps: splits === undefined ? null : 0,
    seeds: arms[0]!.runs.map((run) => run.seed).sort((a, b) => a - b),
    generator: generatorAudit(usesSynthetic, generator, splits !== undefined)
  }
}

/**
 * The audit of a comparison, or the refusal with every offending row: synthetic images in validation or test, evaluation
 * sets that differ between arms or seeds or reach outside test, groups or images in two splits, a generator trained
 * outside train, arms that lack a seed, a class with fewer than two groups.
 */
export const checkComparison = (input: ComparisonInput): Effect.Effect<Audit, InvalidComparison> => {
  const arms = [...armViolations(input), ...seedViolations(input.arms)]
  const found = input.splits === undefined ? [] : splitViolations(input.splits, input.generator)
  const splits = input.overlapsLetThrough ? found.filter(({ rule }) => rule !== "group-overlap") : found
  // Evaluation sets can be held against each other only where every arm has one.
  const complete = input.arms.length > 0 && input.arms.every((arm) => arm.runs.length > 0)
  return refuse([...arms, ...splits, ...(complete ? evaluationViolations(input) : [])], () => auditOf(input))
}
