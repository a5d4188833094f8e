/** Coverage of every interval, and false-positive rates of every test, on simulated test sets: 2,000 each, or 10,000. */
import { describe, expect, it } from "vitest"
import { generator } from "../../src/random/generator.ts"
import { bcaInterval, bootstrapAucs, clusterDesign, groupInfluence } from "../../src/statistics/bootstrap.ts"
import { auc, pairedDeLong, placements } from "../../src/statistics/delong.ts"
import { twoOneSided } from "../../src/statistics/equivalence.ts"
import { hierarchicalInterval } from "../../src/statistics/hierarchical.ts"
import { signFlip } from "../../src/statistics/permutation.ts"
import { wilson } from "../../src/statistics/proportion.ts"
import { type Design, simulate, trueAuc } from "./simulation.ts"

/** Of what needs a bootstrap, and of closed forms. */
const TRIALS = 2000
const MANY = 10_000
const DRAWS = 400

/** Share of the trials in which something holds, printed. */
const share = (what: string, trials: number, holds: (trial: number) => boolean): number => {
  let count = 0
  for (let trial = 0; trial < trials; trial++) if (holds(trial)) count++
  console.log(`${what}: ${((100 * count) / trials).toFixed(2)} %`)
  return count / trials
}

const covers = ({ low, high }: { readonly low: number; readonly high: number }, truth: number): boolean =>
  low <= truth && truth <= high

/** 95 % within 1.5 points: three standard errors of 2,000 trials. */
const expectNominal = (coverage: number) => expect(Math.abs(coverage - 0.95)).toBeLessThanOrEqual(0.015)

const base: Design = { positives: 60, negatives: 140, images: 1, runs: 1, patient: 1, image: 0, residual: 0.7, run: 0 }

describe("one model", () => {
  it("DeLong's interval", () => {
    const truth = trueAuc(1.4, base)
    expectNominal(
      share(`DeLong, AUC ${truth.toFixed(3)}`, MANY, (trial) => {
        const { label, arms } = simulate(base, [1.4], "delong", trial)
        return covers(auc(label, arms[0]![0]!)!, truth)
      })
    )
  })

  it("the interval on the logit scale, near 1, where the plain one falls short", () => {
    const truth = trueAuc(2.6, base)
    const estimates = Array.from({ length: MANY }, (_, trial) => {
      const { label, arms } = simulate(base, [2.6], "logit", trial)
      return auc(label, arms[0]![0]!)!
    })
    const inner = share(`logit scale, AUC ${truth.toFixed(3)}`, MANY, (trial) => {
      const { logitLow, logitHigh } = estimates[trial]!
      return logitLow !== null && logitHigh !== null && covers({ low: logitLow, high: logitHigh }, truth)
    })
    expectNominal(inner)
    const plain = share("the plain one on the same sets", MANY, (trial) => covers(estimates[trial]!, truth))
    expect(Math.abs(inner - 0.95)).toBeLessThan(Math.abs(plain - 0.95))
  })

  it("Wilson's interval, over the proportions from 0.05 to 0.95", () => {
    expectNominal(
      share("Wilson, n = 80", MANY, (trial) => {
        const random = generator("wilson", trial)
        const p = random.uniform(0.05, 0.95)
        return covers(wilson(Array.from({ length: 80 }, random.float).filter((u) => u < p).length, 80)!, p)
      })
    )
  })
})

describe("two models", () => {
  it("the paired interval of DeLong, and its false positives", () => {
    const truth = trueAuc(1.6, base) - trueAuc(1.3, base)
    expectNominal(
      share("paired DeLong", MANY, (trial) => {
        const { label, arms } = simulate(base, [1.6, 1.3], "paired", trial)
        const { low, high } = pairedDeLong(label, arms[0]![0]!, arms[1]![0]!)!
        return covers({ low: low!, high: high! }, truth)
      })
    )
    const rate = share("paired DeLong, p < 0.05 without a difference", MANY, (trial) => {
      const { label, arms } = simulate(base, [1.4, 1.4], "paired null", trial)
      return pairedDeLong(label, arms[0]![0]!, arms[1]![0]!)!.p! < 0.05
    })
    expect(Math.abs(rate - 0.05)).toBeLessThanOrEqual(0.015)
  })

  it("the bootstrap over patients with three images each, where DeLong's interval is too narrow", () => {
    const clustered = { ...base, images: 3, patient: 0.9, image: 0.4, residual: 0.7 }
    const truth = trueAuc(1.4, clustered)
    const narrow = share("DeLong on images of the same patients", MANY, (trial) => {
      const { label, arms } = simulate(clustered, [1.4], "clustered", trial)
      return covers(auc(label, arms[0]![0]!)!, truth)
    })
    expect(narrow).toBeLessThan(0.92)
    expectNominal(
      share("BCa over patients", TRIALS, (trial) => {
        const { label, group, arms } = simulate(clustered, [1.4], "clustered", trial)
        const [scores, none] = [arms[0]![0]!, label.map(() => 0)]
        const design = clusterDesign(label, group)
        const [draws] = bootstrapAucs(design, [scores], DRAWS, ["clustered", trial])
        const influence = groupInfluence(design, scores, none)
        return covers(bcaInterval(placements(label, scores).auc, draws!, influence), truth)
      })
    )
    const difference = trueAuc(1.6, clustered) - trueAuc(1.3, clustered)
    expectNominal(
      share("BCa over patients, of a difference", TRIALS, (trial) => {
        const { label, group, arms } = simulate(clustered, [1.6, 1.3], "clustered pair", trial)
        const [a, b] = [arms[0]![0]!, arms[1]![0]!]
        const design = clusterDesign(label, group)
        const [drawsA, drawsB] = bootstrapAucs(design, [a, b], DRAWS, ["clustered pair", trial])
        const draws = drawsA!.map((value, at) => value - drawsB![at]!)
        const delta = placements(label, a).auc - placements(label, b).auc
        return covers(bcaInterval(delta, draws, groupInfluence(design, a, b)), difference)
      })
    )
  })
})

/** Mean difference over runs with its two-level interval, as a comparison makes it, from fewer draws than it would take. */
const headline = (design: Design, distances: readonly [number, number], ...key: ReadonlyArray<string | number>) => {
  const { label, group, arms } = simulate(design, distances, ...key)
  const clusters = clusterDesign(label, group)
  const draws = bootstrapAucs(clusters, arms.flat(), DRAWS / 2, key)
  const estimates = arms[0]!.map((scores, run) => placements(label, scores).auc - placements(label, arms[1]![run]!).auc)
  const replicates = estimates.map((_, run) => draws[run]!.map((value, at) => value - draws[design.runs + run]![at]!))
  const interval = hierarchicalInterval({
    estimates,
    replicates,
    groups: clusters.groups,
    scarcest: clusters.scarcest,
    level: 0.95,
    key
  })
  return { interval, estimates }
}

describe("runs and patients together", () => {
  const clustered = { ...base, images: 2, patient: 0.8, image: 0.5 }
  it.each([
    ["one run", { ...clustered, runs: 1 }],
    ["patients matter most", { ...clustered, runs: 5, residual: 0.3, run: 0.02 }],
    ["residuals matter most", { ...clustered, runs: 5, residual: 1, run: 0.02 }],
    ["runs matter most", { ...clustered, runs: 5, residual: 0.3, run: 0.4 }],
    ["runs matter most, three of them", { ...clustered, runs: 3, residual: 0.3, run: 0.4 }],
    ["nothing matters most, three runs", { ...clustered, runs: 3, residual: 0.7, run: 0.12 }],
    ["positives are few", { ...clustered, positives: 15, negatives: 60, runs: 5, residual: 0.7, run: 0.12 }],
    ["nothing matters most, ten runs", { ...clustered, runs: 10, residual: 0.7, run: 0.15 }]
  ] as const)("the headline interval where %s", (what, design) => {
    const truth = trueAuc(1.6, design) - trueAuc(1.3, design)
    expectNominal(
      share(`headline, ${what}`, TRIALS, (trial) => covers(headline(design, [1.6, 1.3], what, trial).interval, truth))
    )
  })

  it("the headline interval of two runs is on the safe side", () => {
    const design = { ...clustered, runs: 2, residual: 0.7, run: 0.12 }
    const truth = trueAuc(1.6, design) - trueAuc(1.3, design)
    const coverage = share("headline, two runs", TRIALS, (trial) =>
      covers(headline(design, [1.6, 1.3], "two runs", trial).interval, truth)
    )
    expect(coverage).toBeGreaterThan(0.935)
    expect(coverage).toBeLessThan(0.985)
  })

  it("equivalence is claimed in 5 % of the sets where the difference is just the margin", () => {
    const design = { ...clustered, runs: 5, residual: 0.5, run: 0.1 }
    const margin = trueAuc(1.6, design) - trueAuc(1.4, design)
    const rate = share(
      "TOST at the margin",
      TRIALS,
      (trial) => twoOneSided(headline(design, [1.6, 1.4], "tost", trial).interval, margin).equivalent
    )
    expect(Math.abs(rate - 0.05)).toBeLessThanOrEqual(0.015)
    const power = share(
      "TOST without a difference, wide margin",
      TRIALS,
      (trial) => twoOneSided(headline(design, [1.4, 1.4], "tost power", trial).interval, 3 * margin).equivalent
    )
    expect(power).toBeGreaterThan(0.9)
  })

  it("sign flips reject in no more than 5 % of the sets without a difference", () => {
    const design = { ...clustered, runs: 8, residual: 0.5, run: 0.2, positives: 30, negatives: 60 }
    const rate = share("sign flips, 8 runs", MANY, (trial) => {
      const { label, arms } = simulate(design, [1.4, 1.4], "flips", trial)
      const differences = arms[0]!.map(
        (scores, run) => placements(label, scores).auc - placements(label, arms[1]![run]!).auc
      )
      return signFlip(differences, ["flips", trial]).p! <= 0.05
    })
    expect(rate).toBeGreaterThan(0.035)
    expect(rate).toBeLessThanOrEqual(0.055)
  })
})
