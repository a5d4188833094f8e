/** The data of a comparison of training arms: what was measured, the tests of every pair, the audit and the verdict. */
import * as Schema from "effect/Schema"
import { BinaryMetrics } from "./types.ts"

export const SeedMetrics = Schema.Struct({ seed: Schema.Int, metrics: BinaryMetrics })
export type SeedMetrics = typeof SeedMetrics.Type

/** A mean over the seeds, and the sample standard deviation between them (`null` with one seed). */
export const Summary = Schema.Struct({ mean: Schema.Finite, deviation: Schema.NullOr(Schema.Finite) })
export type Summary = typeof Summary.Type

/** One arm: what it trained on, and its metrics on the one common evaluation set, a record a seed. */
export const ArmResult = Schema.Struct({
  arm: Schema.String,
  description: Schema.String,
  /** Rows in training, before resampling. */
  training: Schema.Struct({ real: Schema.Int, synthetic: Schema.Int }),
  seeds: Schema.Array(SeedMetrics),
  /** Mean AUC over the seeds; the interval holds seed and patient variation, like the one of a pair. `null`: one class. */
  auc: Schema.NullOr(
    Schema.Struct({
      mean: Schema.Finite,
      low: Schema.Finite,
      high: Schema.Finite,
      deviation: Schema.NullOr(Schema.Finite)
    })
  ),
  loss: Summary,
  accuracy: Summary
})
export type ArmResult = typeof ArmResult.Type

/** The paired DeLong test of one seed: `delta` = AUC(arm) − AUC(reference). `z` and `p` are `null` where se = 0. */
export const PairedDeLong = Schema.Struct({
  delta: Schema.Finite,
  se: Schema.NullOr(Schema.Finite),
  z: Schema.NullOr(Schema.Finite),
  p: Schema.NullOr(Schema.Finite),
  low: Schema.NullOr(Schema.Finite),
  high: Schema.NullOr(Schema.Finite),
  /** Correlation of the two AUCs. */
  correlation: Schema.NullOr(Schema.Finite)
})
export type PairedDeLong = typeof PairedDeLong.Type

/** McNemar's exact test. `armOnly`: images that only the arm has right; `referenceOnly`: only the reference. */
export const McNemar = Schema.Struct({ armOnly: Schema.Int, referenceOnly: Schema.Int, p: Schema.Finite })
export type McNemar = typeof McNemar.Type

export const BootstrapInterval = Schema.Struct({
  method: Schema.Literals(["percentile", "bca"]),
  value: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite,
  se: Schema.Finite,
  /** Replicates that hold both classes; the others are dropped. */
  replicates: Schema.Int,
  groups: Schema.Int
})
export type BootstrapInterval = typeof BootstrapInterval.Type

export const SeedPair = Schema.Struct({
  seed: Schema.Int,
  delong: PairedDeLong,
  mcnemar: McNemar,
  /** Paired bootstrap over groups (patients); `null` where the comparison was asked for none. */
  bootstrap: Schema.NullOr(BootstrapInterval)
})
export type SeedPair = typeof SeedPair.Type

/**
 * The interval that the verdict rests on: mean difference of AUC over the seeds, its standard error and its degrees of
 * freedom. `method`: "hierarchical" holds the variation of seeds and of groups; "cluster" (one seed) that of groups only,
 * so nothing is said about another training run.
 */
export const Headline = Schema.Struct({
  method: Schema.Literals(["hierarchical", "cluster"]),
  delta: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite,
  level: Schema.Finite,
  se: Schema.Finite,
  degreesOfFreedom: Schema.Finite,
  /** Share of the variance that comes from between training runs: what more seeds could take away. */
  seedShare: Schema.Finite,
  /** Two-sided p of no difference; `null` where se = 0. */
  p: Schema.NullOr(Schema.Finite),
  /** The plain percentile interval of the same replicates. */
  percentile: Schema.Struct({ low: Schema.Finite, high: Schema.Finite }),
  seeds: Schema.Int,
  groups: Schema.Int,
  replicates: Schema.Int
})
export type Headline = typeof Headline.Type

/** Sign-flip test of the mean difference over seeds; `p` is `null`, with the `reason`, where there are too few seeds. */
export const Permutation = Schema.Struct({
  p: Schema.NullOr(Schema.Finite),
  reason: Schema.NullOr(Schema.String),
  flips: Schema.Int,
  exact: Schema.Boolean,
  /** The smallest p that this many seeds can give. */
  smallest: Schema.NullOr(Schema.Finite)
})
export type Permutation = typeof Permutation.Type

/**
 * Two one-sided tests at ±margin: `equivalent` when p, adjusted over all arms (`holm`), is under 0.05; for one arm just
 * when the 90 % interval `low` to `high` lies inside ±margin.
 */
export const Equivalence = Schema.Struct({
  margin: Schema.Finite,
  p: Schema.Finite,
  holm: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite,
  equivalent: Schema.Boolean
})
export type Equivalence = typeof Equivalence.Type

/** The smallest difference of AUC that a two-sided test at `alpha` would find with probability `power`. */
export const Detectable = Schema.Struct({
  delta: Schema.Finite,
  power: Schema.Finite,
  alpha: Schema.Finite,
  /** "This test set cannot see effects under 0.031 AUC ..." */
  sentence: Schema.String
})
export type Detectable = typeof Detectable.Type

/** The difference within one level of one attribute. `null` fields: too few of a class; the `reason` says so. */
export const Subgroup = Schema.Struct({
  attribute: Schema.String,
  level: Schema.String,
  n: Schema.Int,
  positives: Schema.Int,
  delta: Schema.NullOr(Schema.Finite),
  low: Schema.NullOr(Schema.Finite),
  high: Schema.NullOr(Schema.Finite),
  p: Schema.NullOr(Schema.Finite),
  holm: Schema.NullOr(Schema.Finite),
  reason: Schema.NullOr(Schema.String)
})
export type Subgroup = typeof Subgroup.Type

/** An arm against the reference arm, on the same images. Differences are arm − reference: positive is better. */
export const PairedResult = Schema.Struct({
  arm: Schema.String,
  reference: Schema.String,
  seeds: Schema.Array(SeedPair),
  headline: Headline,
  permutation: Permutation,
  equivalence: Equivalence,
  /** The headline's p, adjusted over all arms (Holm). */
  holm: Schema.NullOr(Schema.Finite),
  /** Share of seeds in which the arm is the better one (ties count half). */
  probabilityBetter: Schema.Finite,
  detectable: Schema.NullOr(Detectable),
  subgroups: Schema.Array(Subgroup)
})
export type PairedResult = typeof PairedResult.Type

export const Outcome = Schema.Literals(["helped", "hurt", "equivalent", "undecided"])
export type Outcome = typeof Outcome.Type

/** `sentence` is the answer in one sentence; `because` the figures it rests on; `wouldChange` what would change it. */
export const Verdict = Schema.Struct({
  outcome: Outcome,
  arm: Schema.String,
  sentence: Schema.String,
  because: Schema.Array(
    Schema.Struct({ name: Schema.String, value: Schema.NullOr(Schema.Finite), text: Schema.String })
  ),
  wouldChange: Schema.Array(Schema.String)
})
export type Verdict = typeof Verdict.Type

/** What was checked before anything was compared. `null` counts: not given, so not checked. */
export const Audit = Schema.Struct({
  /** Images, and groups, in the common evaluation set. */
  images: Schema.Int,
  groups: Schema.Int,
  syntheticInEvaluation: Schema.Int,
  /** Groups in more than one split (all of them let through by name), and images in more than one split. */
  groupOverlaps: Schema.NullOr(Schema.Int),
  imageOverlaps: Schema.NullOr(Schema.Int),
  seeds: Schema.Array(Schema.Int),
  generator: Schema.Struct({
    /** "known": all that was found is in train. "leaked": a leak was let through by name. */
    provenance: Schema.Literals(["known", "leaked", "unknown", "none"]),
    /** Whether a manifest names the generator's training images. */
    manifest: Schema.Boolean,
    /** Of those images the ones that were found in the training split; `null`: not looked up. */
    images: Schema.NullOr(Schema.Int),
    /** Of those images the ones that are not in this data set: nothing is known of them. */
    missing: Schema.Int,
    /** Validation or test images that the generator saw, and synthetic images equal to such: let through by name. */
    leaked: Schema.Int,
    copies: Schema.Int
  })
})
export type Audit = typeof Audit.Type

export const Comparison = Schema.Struct({
  reference: Schema.String,
  margin: Schema.Finite,
  arms: Schema.Array(ArmResult),
  pairs: Schema.Array(PairedResult),
  verdict: Verdict,
  /** The verdict of every arm, the first being the primary one: `verdict`. */
  verdicts: Schema.Array(Verdict),
  audit: Audit
})
export type Comparison = typeof Comparison.Type
