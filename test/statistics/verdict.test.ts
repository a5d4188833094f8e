import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import type { Arm } from "../../src/statistics/check-comparison.ts"
import { compareArms } from "../../src/statistics/compare.ts"
import type { Audit, PairedResult } from "../../src/statistics/comparison-types.ts"
import { verdictOf } from "../../src/statistics/verdict.ts"
import { cohort, logitsOf } from "./samples.ts"

const few = cohort(60, "verdict")
const armOf = (arm: string, synthetic: number): Arm => ({
  arm,
  description: arm,
  training: { real: 10, synthetic },
  runs: [1, 2].map((seed) => ({
    seed,
    threshold: 0,
    predictions: {
      id: few.id,
      group: few.group,
      label: few.label,
      origin: few.id.map(() => "real" as const),
      logit: logitsOf(few, { gain: 0 }, arm, seed)
    }
  }))
})
const { pairs, arms, audit } = Effect.runSync(
  compareArms(
    { reference: "real", arms: [armOf("real", 0), armOf("gan", 5), armOf("balanced", 0)] },
    { margin: 0.01, replicates: 100 }
  )
)
const pair = pairs[0]!

/** The AUC of an arm that learned. */
const able = { mean: 0.8, low: 0.7, high: 0.9, deviation: 0.01 }

/** The verdict of the pair with other figures. */
const verdict = (
  figures: Partial<PairedResult["headline"]>,
  {
    holm = 0.5,
    equivalent = false,
    of = 1,
    known = true,
    generator = {},
    auc = {},
    referenceAuc = {},
    ...others
  }: Partial<PairedResult> & {
    readonly equivalent?: boolean
    readonly known?: boolean
    readonly auc?: Partial<typeof able>
    readonly referenceAuc?: Partial<typeof able>
    readonly generator?: Partial<Audit["generator"]>
    readonly of?: number
  } = {}
) => {
  const runs = arms[of]!.seeds.slice(0, figures.seeds === 1 ? 1 : 2)
  return verdictOf(
    {
      ...pair,
      ...others,
      arm: arms[of]!.arm,
      holm,
      headline: { ...pair.headline, ...figures },
      equivalence: { ...pair.equivalence, equivalent }
    },
    {
      arm: { ...arms[of]!, seeds: runs, auc: { ...able, ...auc } },
      reference: { ...arms[0]!, auc: { ...able, ...referenceAuc } }
    },
    2,
    {
      ...audit,
      groupOverlaps: 0,
      generator: { ...audit.generator, ...(known ? { provenance: "known", images: 3 } : {}), ...generator }
    }
  )
}

describe("the verdict", () => {
  it("is helped or hurt only where the interval and the adjusted p both exclude no difference", () => {
    expect(verdict({ delta: 0.03, low: 0.01, high: 0.05 }, { holm: 0.01 }).outcome).toBe("helped")
    expect(verdict({ delta: -0.03, low: -0.05, high: -0.01 }, { holm: 0.01 }).outcome).toBe("hurt")
    expect(verdict({ delta: 0.03, low: 0.01, high: 0.05 }, { holm: 0.06 }).outcome).toBe("undecided")
    expect(verdict({ delta: 0.03, low: -0.01, high: 0.07 }, { holm: 0.3 }).outcome).toBe("undecided")
  })

  it("is equivalence first: a difference inside the margin is none that matters, and is told", () => {
    const small = verdict({ delta: 0.004, low: 0.001, high: 0.007 }, { holm: 0.01, equivalent: true })
    expect(small.outcome).toBe("equivalent")
    expect(small.sentence).toContain("a difference is there, but inside the margin")
    expect(verdict({}, { equivalent: true }).sentence).not.toContain("a difference is there")
  })

  it("is open where the difference does not vary, however large it is", () => {
    const sure = verdict({ delta: 0.5, low: 0.5, high: 0.5, se: 0, p: null }, { holm: null })
    expect(sure.outcome).toBe("undecided")
    expect(sure.wouldChange[0]).toMatch(/^A harder or larger test set/)
  })

  it("is one sentence with the arms, the interval and the basis", () => {
    expect(verdict({ delta: 0.03, low: 0.01, high: 0.05 }, { holm: 0.0002 }).sentence).toBe(
      'The GAN images helped: ROC AUC +0.030 for "gan" over "real" (95 % interval +0.010 to +0.050, ' +
        `p < 0.001 adjusted over 2 comparisons; 2 seeds, ${audit.images} test images of 60 groups).`
    )
  })

  it("speaks of GAN images only where the arm had some, and of one run says that nothing can be told", () => {
    expect(verdict({}, { of: 2 }).sentence).toContain('whether the arm "balanced" helped')
    const one = verdict({ delta: 0.03, low: 0.01, high: 0.05, seeds: 1, method: "cluster" }, { holm: 0.01 })
    expect(one.outcome).toBe("undecided")
    expect(one.sentence).toMatch(
      /^It cannot be told from these runs whether the GAN images helped: one seed, .*; ROC AUC \+0\.030 for "gan"/
    )
    expect(verdict({ seeds: 1 }, { equivalent: true }).outcome).toBe("undecided")
    expect(one.wouldChange.join()).toContain("More seeds: with one training run")
  })

  it("is open where neither network learned, and says that the reference did not where only the arm did", () => {
    const clear = { delta: 0.3, low: 0.1, high: 0.5 }
    const chance = { mean: 0.487, low: 0.247, high: 0.728 }
    const neither = verdict(clear, { holm: 0.001, auc: { low: 0.45 }, referenceAuc: chance })
    expect(neither.outcome).toBe("undecided")
    expect(neither.sentence).toContain("helped: the reference network did not learn, AUC 0.487 (0.247 to 0.728), nor")
    const taught = verdict(clear, { holm: 0.001, referenceAuc: chance })
    expect(taught.outcome).toBe("helped")
    expect(taught.wouldChange.join()).toContain('A reference that learns: the AUC of "real" is 0.487 (0.247 to 0.728)')
    expect(verdict({ delta: -0.3, low: -0.5, high: -0.1 }, { holm: 0.001, auc: chance }).outcome).toBe("hurt")
  })

  it("foretells no number of seeds from two, nor from an interval as wide as the range", () => {
    const open = { low: -0.5, high: 0.5, se: 0.1, seedShare: 0.9999 }
    const usable = "seeds give no usable interval: 5 or more"
    expect(verdict({ ...open, seeds: 3 }).wouldChange[0]).toMatch(/^More seeds: about \d+ in place of 3/)
    expect(verdict({ ...open, seeds: 2 }).wouldChange[0]).toBe(`More seeds: two ${usable}.`)
    expect(verdict({ ...open, low: -1, seeds: 3 }).wouldChange[0]).toBe(`More seeds: three ${usable}.`)
  })

  it("asks for patients where they make the interval wide, for seeds where those do", () => {
    const wide = { low: -0.05, high: 0.05, seeds: 5 }
    expect(verdict({ ...wide, se: 0.02, seedShare: 0.1 }).wouldChange[0]).toMatch(/^A larger test set.*about 31 times/)
    // Needed for the margin of 0.01: se 0.0034; the groups alone have 0.002, the seeds 0.008.
    const seeds = { ...wide, se: Math.hypot(0.002, 0.008), seedShare: 0.0064 / (0.0064 + 0.0004) }
    expect(verdict(seeds).wouldChange[0]).toMatch(/^More seeds: about 42 in place of 5/)
    expect(verdict({ delta: 0.03, low: 0.01, high: 0.05 }, { holm: 0.01 }).wouldChange.join()).not.toContain(
      "larger test set"
    )
  })

  it("has a line of the generator only where there was one", () => {
    const names = (result: ReturnType<typeof verdict>) => result.because.map(({ name }) => name)
    expect(names(verdict({}))).toContain("generator")
    expect(names(verdict({}, { generator: { provenance: "none" } }))).not.toContain("generator")
  })

  it("names unknown provenance, and a subgroup that goes the other way", () => {
    expect(verdict({}, { known: false }).wouldChange.join()).toContain("A manifest of the generator")
    expect(verdict({}).wouldChange.join()).not.toContain("A manifest of the generator")
    const subgroup = {
      attribute: "site",
      level: "head",
      n: 50,
      positives: 20,
      low: -0.2,
      high: -0.05,
      p: 0.01,
      reason: null
    }
    const turned = { delta: 0.03, low: 0.01, high: 0.05 }
    const told = (delta: number, holm: number) =>
      verdict(turned, { holm: 0.01, subgroups: [{ ...subgroup, delta, holm }] }).wouldChange.join()
    expect(told(-0.1, 0.02)).toContain("where site is head the difference is -0.100, the other way")
    expect(told(-0.1, 0.2)).not.toContain("the other way")
    expect(told(0.1, 0.02)).not.toContain("the other way")
  })

  it("says that a leak was let through, and asks for no manifest then", () => {
    const { sentence, because, wouldChange } = verdict({}, { generator: { provenance: "leaked", leaked: 3 } })
    const leak = "the generator saw 3 validation or test images, let through by name"
    expect(sentence).toContain(`of 60 groups; ${leak})`)
    expect(because.at(-1)).toEqual({ name: "generator", value: 3, text: leak })
    expect(wouldChange.join()).not.toContain("manifest")
    expect(wouldChange.join()).toContain("A generator trained on the training split alone")
  })

  it("says of how many of the generator's images the split is known", () => {
    const { because } = verdict({}, { generator: { images: 47, missing: 198, manifest: true } })
    expect(because.at(-1)!.text).toMatch(/^47 of 245 are in train, none in validation or test; 198 are not in this/)
    expect(verdict({}).because.at(-1)!.text).toBe("every training image of the generator is in the training split")
  })

  it("rests on figures, each named", () => {
    const { because } = verdict({})
    expect(because.map(({ name }) => name)).toEqual([
      "difference of ROC AUC",
      "no difference",
      "equivalence",
      "sign flips over seeds",
      "seeds in which the arm is better",
      "smallest effect in sight",
      "generator"
    ])
    expect(because.find(({ name }) => name === "generator")).toMatchObject({ value: 3 })
  })
})
