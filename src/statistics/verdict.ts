/** The answer in one sentence, with the figures that it rests on and what would change it. */
import type { ArmResult, Audit, Outcome, PairedResult, Verdict } from "./comparison-types.ts"
import { ALPHA } from "./confidence.ts"
import { leakText, provenanceText } from "./generator-provenance.ts"
import { aucText, inconclusive, learned } from "./inconclusive.ts"
import { normalQuantile } from "./normal.ts"

const signed = (x: number): string => {
  const size = Math.abs(x).toFixed(3)
  return Number(size) === 0 ? size : `${x < 0 ? "-" : "+"}${size}`
}
const pText = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`)
const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`

/** "; 3 groups in more than one split, let through by name", or nothing. */
const overlapText = ({ groupOverlaps }: Audit): string =>
  groupOverlaps === null || groupOverlaps === 0
    ? ""
    : `; ${counted(groupOverlaps, "group")} in more than one split, let through by name`

const lowered = (text: string): string => `${text[0]!.toLowerCase()}${text.slice(1)}`

/**
 * Equivalence comes first: a difference that is there but inside the margin is, by the user's own margin, none that
 * matters. Then a difference whose interval and adjusted p both exclude zero. Else nothing can be told, nor where there is a `reason` against any verdict.
 */
const outcomeOf = ({ headline, holm, equivalence }: PairedResult, reason: string | null): Outcome => {
  if (reason !== null) return "undecided"
  if (equivalence.equivalent) return "equivalent"
  const distinct = holm !== null && holm < ALPHA
  if (distinct && headline.low > 0) return "helped"
  if (distinct && headline.high < 0) return "hurt"
  return "undecided"
}

const sentenceOf = (
  outcome: Outcome,
  reason: string | null,
  pair: PairedResult,
  { training }: ArmResult,
  family: number,
  audit: Audit
): string => {
  const subject = training.synthetic > 0 ? "The GAN images" : `The arm "${pair.arm}"`
  const { headline, equivalence, holm, arm, reference } = pair
  const interval = `95 % interval ${signed(headline.low)} to ${signed(headline.high)}`
  const adjusted = holm === null ? "" : `, ${pText(holm)}${family > 1 ? ` adjusted over ${family} comparisons` : ""}`
  const { generator } = audit
  const leak = leakText(generator)
  const unknown =
    training.synthetic === 0
      ? ""
      : leak !== null
        ? `; ${leak}`
        : generator.provenance === "unknown"
          ? "; provenance of the generator unknown"
          : ""
  const basis = `${counted(headline.seeds, "seed")}, ${counted(audit.images, "test image")} of ${counted(audit.groups, "group")}${overlapText(audit)}${unknown}`
  const change = `ROC AUC ${signed(headline.delta)} for "${arm}" over "${reference}"`
  const within = `±${equivalence.margin} AUC`
  const small = holm !== null && holm < ALPHA ? ": a difference is there, but inside the margin" : ""
  switch (outcome) {
    case "helped":
    case "hurt":
      return `${subject} ${outcome}: ${change} (${interval}${adjusted}; ${basis}).`
    case "equivalent":
      return (
        `${subject} made no difference that matters: "${arm}" is equivalent to "${reference}" within ${within} ` +
        `(difference ${signed(headline.delta)}, ${interval}${small}; ${basis}).`
      )
    case "undecided":
      return (
        (reason === null
          ? `It cannot be told with this test set whether ${lowered(subject)} helped: `
          : `It cannot be told from these runs whether ${lowered(subject)} helped: ${reason}; `) +
        `${change} (${interval}${adjusted}; ${basis}).`
      )
  }
}

const becauseOf = (pair: PairedResult, audit: Audit): Verdict["because"] => {
  const { headline, permutation, equivalence, detectable, probabilityBetter, holm } = pair
  const { generator } = audit
  return [
    {
      name: "difference of ROC AUC",
      value: headline.delta,
      text: `${signed(headline.delta)}, 95 % interval ${signed(headline.low)} to ${signed(headline.high)} (${headline.method === "cluster" ? "groups only: one seed" : "seeds and groups"})`
    },
    {
      name: "no difference",
      value: holm,
      text: holm === null ? "no test: the difference has no variance" : `${pText(holm)} after Holm`
    },
    {
      name: "equivalence",
      value: equivalence.holm,
      text: `${pText(equivalence.holm)} for a difference inside ±${equivalence.margin}; 90 % interval ${signed(equivalence.low)} to ${signed(equivalence.high)}`
    },
    {
      name: "sign flips over seeds",
      value: permutation.p,
      text:
        permutation.p === null
          ? `no test: ${permutation.reason}`
          : `${pText(permutation.p)} of ${permutation.flips} patterns`
    },
    {
      name: "seeds in which the arm is better",
      value: probabilityBetter,
      text: `${Math.round(100 * probabilityBetter)} % of ${headline.seeds}`
    },
    { name: "smallest effect in sight", value: detectable?.delta ?? null, text: detectable?.sentence ?? "not defined" },
    ...(generator.provenance === "none"
      ? []
      : [
          {
            name: "generator",
            value: generator.provenance === "leaked" ? generator.leaked : generator.images,
            text: provenanceText(generator)
          }
        ])
  ]
}

/** Standard error at which equivalence would be shown with 80 % probability if there were no difference at all. */
const neededError = (margin: number): number => margin / (normalQuantile(1 - ALPHA) + normalQuantile(0.9))

const numbers = ["no", "one", "two", "three", "four"]

const wouldChangeOf = (
  outcome: Outcome,
  pair: PairedResult,
  reference: ArmResult,
  audit: Audit
): ReadonlyArray<string> => {
  const { headline, equivalence, subgroups } = pair
  // Two seeds, or a bound that AUCs cannot reach: from such a variance no number of seeds can be foretold.
  const unusable = headline.seeds === 2 || (headline.seeds > 1 && (headline.low <= -1 || headline.high >= 1))
  const needed = neededError(equivalence.margin)
  const fromGroups = headline.se ** 2 * (1 - headline.seedShare)
  const fromSeeds = headline.se ** 2 * headline.seedShare
  const changes: Array<string> = []
  if (outcome === "undecided" && headline.se === 0) {
    changes.push(
      "A harder or larger test set: on this one the difference does not vary, so nothing tells how sure it is."
    )
  }
  if (outcome === "undecided" && fromGroups > needed ** 2) {
    changes.push(
      `A larger test set: to tell differences of ${equivalence.margin} AUC it needs about ` +
        `${Math.ceil(fromGroups / needed ** 2)} times the ${headline.groups} groups, even with any number of seeds.`
    )
  } else if (outcome === "undecided" && !unusable && fromGroups + fromSeeds > needed ** 2) {
    const seeds = Math.ceil((headline.seeds * fromSeeds) / (needed ** 2 - fromGroups))
    changes.push(
      `More seeds: about ${seeds} in place of ${headline.seeds} would tell differences of ${equivalence.margin} AUC.`
    )
  }
  if (outcome === "undecided" && unusable) {
    const seeds = numbers[headline.seeds] ?? String(headline.seeds)
    const enough = headline.seeds < 5 ? "5 or more" : `more than ${headline.seeds}`
    changes.push(`More seeds: ${seeds} seeds give no usable interval: ${enough}.`)
  }
  if (headline.seeds === 1) {
    changes.push(
      "More seeds: with one training run an arm, nothing is known of how another run would differ: at least 2, better 5."
    )
  }
  if (!learned(reference)) {
    changes.push(
      `A reference that learns: the AUC of "${reference.arm}" is ${aucText(reference)}, no better than chance can be.`
    )
  }
  if (audit.generator.provenance === "leaked") {
    changes.push("A generator trained on the training split alone: what it saw of the test set may flatter its images.")
  }
  if (audit.generator.provenance === "unknown" && !audit.generator.manifest) {
    changes.push("A manifest of the generator: had it seen test images, the comparison would not be valid.")
  }
  if (audit.groupOverlaps === null) {
    changes.push("The table of splits: it was not given, so groups in two splits could not be ruled out.")
  }
  if (audit.groupOverlaps !== null && audit.groupOverlaps > 0) {
    changes.push("A split without leaks: groups in train and test flatter the arms, and not all of them alike.")
  }
  for (const { attribute, level, delta, holm } of subgroups) {
    if (delta === null || holm === null || holm >= ALPHA || Math.sign(delta) === Math.sign(headline.delta)) continue
    changes.push(`Other patients: where ${attribute} is ${level} the difference is ${signed(delta)}, the other way.`)
  }
  changes.push("A test set from another source: this one speaks for images like its own.")
  return changes
}

/** The verdict of one pair; `family` is the number of comparisons that the p values are adjusted over. */
export const verdictOf = (
  pair: PairedResult,
  { arm, reference }: { readonly arm: ArmResult; readonly reference: ArmResult },
  family: number,
  audit: Audit
): Verdict => {
  const reason = inconclusive(arm, reference)
  const outcome = outcomeOf(pair, reason)
  return {
    outcome,
    arm: pair.arm,
    sentence: sentenceOf(outcome, reason, pair, arm, family, audit),
    because: becauseOf(pair, audit),
    wouldChange: wouldChangeOf(outcome, pair, reference, audit)
  }
}
