/** The comparison of training arms on one test set: did the GAN images help? */
import * as Effect from "effect/Effect"
import { type Aligned, type AlignedArm, align } from "./align.ts"
import { type ClusterDesign, clusterDesign } from "./bootstrap.ts"
import { type Arm, type ComparisonInput, checkComparison } from "./check-comparison.ts"
import { refuse, violation } from "./check-splits.ts"
import type { ArmResult, Comparison, PairedResult, Summary } from "./comparison-types.ts"
import { ALPHA, LEVEL } from "./confidence.ts"
import { type ArmAucs, armAucs, headlineOf, type Resampling } from "./difference.ts"
import { holmAdjust } from "./equivalence.ts"
import { evaluateBinary } from "./evaluate.ts"
import type { InvalidComparison, Violation } from "./invalid-comparison.ts"
import { clamp, mean, variance } from "./numeric.ts"
import { pairedResult } from "./pair.ts"
import { verdictOf } from "./verdict.ts"

export interface ComparisonOptions {
  /** The smallest difference of AUC that matters, in (0, 1), fixed before the runs: the margin of equivalence. */
  readonly margin: number
  /** The arm that the verdict is about; else the first with synthetic images, else the first beside the reference. */
  readonly primary?: string
  /** Pairs [arm, reference] to test; else every arm against the reference of the input. */
  readonly contrasts?: ReadonlyArray<readonly [arm: string, reference: string]>
  /** Bootstrap draws of groups, at least 100. */
  readonly replicates?: number
  /** Seed of the resampling. */
  readonly seed?: number
}

const FEWEST_REPLICATES = 100

const summary = (values: ReadonlyArray<number>): Summary => ({
  mean: mean(values),
  deviation: values.length < 2 ? null : Math.sqrt(variance(values))
})

const armResult = (
  aligned: Aligned,
  of: AlignedArm,
  aucs: ArmAucs,
  design: ClusterDesign,
  how: Resampling
): ArmResult => {
  const seeds = of.seeds.map((seed, at) => ({
    seed,
    metrics: evaluateBinary({ label: aligned.label, logit: of.logits[at]! }, of.thresholds[at]!)
  }))
  const { low, high } = headlineOf(design, aucs, how)
  return {
    arm: of.arm.arm,
    description: of.arm.description,
    training: of.arm.training,
    seeds,
    auc: { ...summary(aucs.estimates), low: clamp(low, 0, 1), high: clamp(high, 0, 1) },
    loss: summary(seeds.map(({ metrics }) => metrics.loss)),
    accuracy: summary(seeds.map(({ metrics }) => metrics.accuracy.value))
  }
}

/** Adjusts over the family of all pairs: the p of a difference, and the p of equivalence. */
const adjusted = (pairs: ReadonlyArray<PairedResult>): ReadonlyArray<PairedResult> => {
  const different = holmAdjust(pairs.map((pair) => pair.headline.p))
  const same = holmAdjust(pairs.map((pair) => pair.equivalence.p))
  return pairs.map((pair, at) => ({
    ...pair,
    holm: different[at]!,
    equivalence: { ...pair.equivalence, holm: same[at]!, equivalent: same[at]! < ALPHA }
  }))
}

const primaryOf = (arms: ReadonlyArray<Arm>, reference: string): string => {
  const others = arms.filter((arm) => arm.arm !== reference)
  return (others.find((arm) => arm.training.synthetic > 0) ?? others[0]!).arm
}

const optionViolations = (
  names: ReadonlyArray<string>,
  primary: string,
  contrasts: ReadonlyArray<readonly [string, string]>,
  { margin, replicates = FEWEST_REPLICATES }: ComparisonOptions
): ReadonlyArray<Violation> => [
  ...violation("unknown-arm", new Set([primary, ...contrasts.flat()].filter((name) => !names.includes(name)))),
  ...violation("invalid-options", [
    ...(margin > 0 && margin < 1 ? [] : [`margin ${margin}: expected a difference of AUC between 0 and 1`]),
    ...(replicates >= FEWEST_REPLICATES ? [] : [`replicates ${replicates}: expected ${FEWEST_REPLICATES} or more`]),
    ...contrasts.flatMap(([arm, reference]) => (arm === reference ? [`contrast of ${arm} with itself`] : [])),
    ...(contrasts.some(([arm]) => arm === primary) ? [] : [`no contrast tests the primary arm ${primary}`])
  ])
]

/**
 * Compares arms that were evaluated on the same real images, or refuses (`InvalidComparison`, with the offending rows).
 * All differences are arm − reference of ROC AUC, 95 % intervals, α = 0.05. Cost: arms × seeds × images × replicates.
 */
export const compareArms = (
  input: ComparisonInput,
  options: ComparisonOptions
): Effect.Effect<Comparison, InvalidComparison> =>
  Effect.gen(function* () {
    const audit = yield* checkComparison(input)
    const { margin, primary = primaryOf(input.arms, input.reference), replicates = 2000, seed = 0 } = options
    const names = input.arms.map((arm) => arm.arm)
    const contrasts =
      options.contrasts ??
      names.filter((name) => name !== input.reference).map((name) => [name, input.reference] as const)
    yield* refuse(optionViolations(names, primary, contrasts, options), () => undefined)

    const how: Resampling = { level: LEVEL, replicates, key: ["comparison", seed] }
    const aligned = align(input.arms)
    const design = clusterDesign(aligned.label, aligned.group)
    const aucs = armAucs(design, aligned.arms, how)
    const arms = aligned.arms.map((arm, at) => armResult(aligned, arm, aucs[at]!, design, how))
    const sideOf = (name: string) => {
      const at = names.indexOf(name)
      return { arm: aligned.arms[at]!, aucs: aucs[at]! }
    }
    const pairs: Array<PairedResult> = []
    for (const [arm, reference] of contrasts) {
      // Each pair takes seconds on a large test set: let the progress display and an interruption through.
      yield* Effect.yieldNow
      pairs.push(pairedResult(aligned, design, sideOf(arm), sideOf(reference), margin, how))
    }
    const family = adjusted(pairs)
    const resultOf = (name: string) => arms[names.indexOf(name)]!
    const verdicts = family
      .toSorted((a, b) => Number(b.arm === primary) - Number(a.arm === primary))
      .map((pair) =>
        verdictOf(pair, { arm: resultOf(pair.arm), reference: resultOf(pair.reference) }, family.length, audit)
      )
    return { reference: input.reference, margin, arms, pairs: family, verdict: verdicts[0]!, verdicts, audit }
  })
