/** A plausible comparison made by the seeded generator: arms that differ by a known shift of their logits. */
import { Effect } from "effect"
import { generator } from "../../src/random/generator.ts"
import type { History, ReportInput } from "../../src/report/input.ts"
import { compareArms } from "../../src/statistics/compare.ts"
import type { Comparison } from "../../src/statistics/comparison-types.ts"
import { wilson } from "../../src/statistics/proportion.ts"
import type { Label, Predictions } from "../../src/statistics/types.ts"
import { lesion } from "./images.ts"

export interface FixtureArm {
  readonly name: string
  readonly description: string
  readonly synthetic: number
  /** How far apart the classes lie, in standard deviations of the logit. */
  readonly separation: number
}

export const threeArms: ReadonlyArray<FixtureArm> = [
  { name: "real", description: "The real training images as they are.", synthetic: 0, separation: 1.45 },
  {
    name: "real, oversampled",
    description: "Real melanomas drawn again until the classes balance as in real + synthetic: the control.",
    synthetic: 0,
    separation: 1.9
  },
  {
    name: "real + synthetic",
    description: "The real images with one synthetic melanoma for every real one.",
    synthetic: 245,
    separation: 1.6
  }
]

const testImages = 196
const margin = 0.01

export const predictions = (arm: FixtureArm, seed: number): Predictions => {
  const shared = generator("report fixture", "images")
  const own = generator("report fixture", arm.name, seed)
  const rows = Array.from({ length: testImages }, (_, index) => {
    const label: Label = shared.float() < 0.35 ? 1 : 0
    const hardness = shared.normal()
    const sites = ["back", "lower extremity", "trunk", "face"]
    return {
      sex: shared.float() < 0.5 ? "female" : "male",
      site: sites[shared.integer(sites.length)]!,
      id: `ISIC_00${24306 + index * 3}`,
      group: `HAM_000${1000 + Math.floor(index / 1.2)}`,
      label,
      logit: (label === 1 ? 0.5 : -0.5) * arm.separation * 1.5 + hardness * 1.1 + own.normal() * 0.55 - 0.7
    }
  })
  return {
    id: rows.map((row) => row.id),
    group: rows.map((row) => row.group),
    origin: rows.map(() => "real"),
    label: rows.map((row) => row.label),
    logit: rows.map((row) => row.logit),
    attributes: { sex: rows.map((row) => row.sex), site: rows.map((row) => row.site) }
  }
}

const trained = Array.from({ length: 245 }, (_, index) => ({
  id: `train ${index}`,
  group: `train ${index}`,
  origin: "real" as const,
  split: "train" as const
}))

/** The comparison as the statistics room makes it, on those predictions. */
export const comparison = (arms: ReadonlyArray<FixtureArm> = threeArms, seeds = [0, 1, 2]): Comparison => {
  const { group, id } = predictions(arms[0]!, 0)
  const tested = id.map((name, row) => ({
    id: name,
    group: group[row]!,
    origin: "real" as const,
    split: "test" as const
  }))
  return Effect.runSync(
    compareArms(
      {
        reference: arms[0]!.name,
        arms: arms.map((arm) => ({
          arm: arm.name,
          description: arm.description,
          training: { real: 706, synthetic: arm.synthetic },
          runs: seeds.map((seed) => ({ seed, threshold: -0.4, predictions: predictions(arm, seed) }))
        })),
        splits: [...trained, ...tested],
        generator: { trainedOn: trained.map((row) => row.id) }
      },
      { margin, replicates: 100, primary: arms.at(-1)!.name }
    )
  )
}

/** Loss and AUC that fall and rise as they do: the training figures go on, validation turns. */
export const history = (arm: FixtureArm, seed: number, epochs = 24, overfit = 1): History => {
  const random = generator("report fixture", "history", arm.name, seed)
  const wobble = () => random.normal() * 0.008
  const rows = Array.from({ length: epochs }, (_, index) => {
    const epoch = index + 1
    const fall = Math.exp(-epoch / 6)
    const trainLoss = 0.16 + 0.5 * fall + wobble()
    const validationLoss =
      0.37 - arm.separation * 0.02 + 0.29 * fall + 0.0004 * overfit * Math.max(0, epoch - 9) ** 2 + wobble() * 1.5
    return {
      epoch,
      trainLoss,
      trainAccuracy: 0.95 - 0.3 * fall + wobble(),
      trainAuc: Math.min(0.999, 0.992 - 0.33 * fall + wobble() * 0.4),
      validationLoss,
      validationAccuracy: 0.84 - 0.2 * fall + wobble(),
      validationAuc:
        0.862 + arm.separation * 0.01 - 0.24 * fall - 0.00012 * overfit * Math.max(0, epoch - 12) ** 2 + wobble(),
      learningRate: epoch > 16 ? 5e-5 : 1e-4
    }
  })
  const best = rows.reduce((kept, row) => (row.validationAuc > kept.validationAuc ? row : kept))
  return { arm: arm.name, seed, bestEpoch: best.epoch, epochs: rows }
}

const digest = (node: string): string => {
  const random = generator("report fixture", "digest", node)
  return Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, "0")).join("")
}

export const reportInput = (arms: ReadonlyArray<FixtureArm> = threeArms, seeds = [0, 1, 2]): ReportInput => {
  const shared = ["ingest:real", "ingest:synthetic", "split", "resize:test"]
  const own = arms.flatMap((arm) =>
    seeds.flatMap((seed) => [`fine-tune:${arm.name}:${seed}`, `evaluate:${arm.name}:${seed}`])
  )
  return {
    title: "Did 245 synthetic melanomas help?",
    pipeline: "melanoma",
    classes: { negative: "benign", positive: "melanoma" },
    comparison: comparison(arms, seeds),
    histories: arms.flatMap((arm) => seeds.map((seed) => history(arm, seed))),
    data: {
      description:
        "Dermoscopy images of 1,000 lesions, one image a lesion, melanoma enriched to 35 %; 300 synthetic melanomas of a small GAN.",
      counts: [
        { split: "train", class: "benign", origin: "real", images: 461 },
        { split: "train", class: "melanoma", origin: "real", images: 245 },
        { split: "train", class: "melanoma", origin: "synthetic", images: 245 },
        { split: "validation", class: "benign", origin: "real", images: 64 },
        { split: "validation", class: "melanoma", origin: "real", images: 34 },
        { split: "test", class: "benign", origin: "real", images: 127 },
        { split: "test", class: "melanoma", origin: "real", images: 69 }
      ],
      groups: [
        { split: "train", groups: 706 },
        { split: "validation", groups: 98 },
        { split: "test", groups: 196 }
      ],
      excluded: [
        { reason: "not decodable: Input file is truncated", images: 1 },
        { reason: "near duplicate of a training image", images: 3 }
      ]
    },
    configuration: {
      data: { real: "data/ham10000", synthetic: "data/gan" },
      augment: {
        transforms: [
          { _tag: "Transpose", p: 0.5 },
          {
            _tag: "OneOf",
            p: 0.7,
            transforms: [{ _tag: "GridDistortion", numSteps: 5, borderMode: "reflect101", p: 0.5 }]
          }
        ],
        views: 8
      },
      model: { variant: "b3", frozenLayers: 18, batchNorm: "statistics", dropout: 0.3 },
      training: { epochs: 50, batchSize: 64, learningRate: 1e-4, patience: 15 },
      comparison: { seeds, margin, arms: arms.map((arm) => arm.name) }
    },
    backend: "wasm, 2 threads, SIMD",
    packages: [
      { name: "dermograph", version: "0.1.0" },
      { name: "@tensorflow/tfjs", version: "4.22.0" },
      { name: "sharp", version: "0.35.5" }
    ],
    provenance: [...shared, ...own, "compare-with-gan"].map((node) => ({
      node,
      stage: node.split(":")[0]!,
      digest: digest(node)
    })),
    notes: ["Melanoma is enriched to 35 %: predictive values at the natural prevalence are lower."]
  }
}

/** The same with every optional part. */
export const fullInput = async (arms = threeArms, seeds = [0, 1, 2]): Promise<ReportInput> => {
  const input = reportInput(arms, seeds)
  const runs = arms.flatMap((arm) =>
    seeds.map((seed) => ({
      arm: arm.name,
      seed,
      threshold: -0.4,
      temperature: 1.3,
      predictions: predictions(arm, seed)
    }))
  )
  const { arm, predictions: first, seed } = runs[0]!
  const wrong = first.id
    .map((id, row) => ({ id, label: first.label[row]!, logit: first.logit[row]! }))
    .sort((a, b) => (a.label === 1 ? a.logit : -a.logit) - (b.label === 1 ? b.logit : -b.logit))
    .slice(0, 6)
  const synthetic = ["malignant_00012", "malignant_00107", "malignant_00233"]
  return {
    ...input,
    predictions: runs,
    withoutAugmentation: seeds.map((each) => history({ ...arms[0]!, name: `${arms[0]!.name} bare` }, each, 24, 4)),
    frozenLayers: [
      { frozenLayers: 22, trainLoss: 0.341, trainAccuracy: 0.851, validationLoss: 0.392, validationAccuracy: 0.827 },
      { frozenLayers: 18, trainLoss: 0.262, trainAccuracy: 0.89, validationLoss: 0.371, validationAccuracy: 0.842 }
    ],
    mistakes: await Promise.all(
      wrong.map(async ({ id, label, logit }, index) => ({
        id,
        arm,
        seed,
        label,
        probability: 1 / (1 + Math.exp(-logit)),
        threshold: 1 / (1 + Math.exp(0.4)),
        image: await lesion(id),
        ...(index < 4 ? { overlay: await lesion(id, true), map: { block: 17, side: 8 } } : {})
      }))
    ),
    triples: await Promise.all(
      synthetic.map(async (id, index) => ({
        class: "melanoma",
        real: { id: `ISIC_002${4500 + index}`, image: await lesion(`real ${id}`) },
        synthetic: { id, image: await lesion(id) },
        nearest: { id: `ISIC_002${4700 + index}`, image: await lesion(`near ${id}`), distance: 0.31 + index * 0.07 }
      }))
    ),
    views: { id: "ISIC_0024306", views: 8, image: await lesion("views") },
    tested: seeds.map((each, index) => ({
      className: "melanoma",
      seed: each,
      synthetic: wilson(241 - 5 * index, 300),
      real: wilson(48, 69)
    })),
    generator: [
      {
        className: "melanoma",
        featureSpace: "EfficientNet-b3, pooled outputs of block 17, after one bilinear reduction to 128 × 128",
        real: 245,
        synthetic: 300,
        kid: { value: 0.0412, se: 0.0021 },
        fid: { value: 31.2, real: 245, synthetic: 300 },
        manifold: { k: 5, precision: 0.62, recall: 0.31, density: 0.58, coverage: 0.47 },
        realVersusFake: {
          features: { value: 0.87, variance: 0.0002, low: 0.84, high: 0.9, logitLow: 0.84, logitHigh: 0.9 },
          spectrum: { value: 0.987, variance: 0.00001, low: 0.98, high: 0.993, logitLow: 0.98, logitHigh: 0.993 }
        },
        memorisation: {
          syntheticDistance: 7.21,
          heldOutDistance: 7.9,
          nearer: { value: 0.55, variance: 0.0004, low: 0.51, high: 0.59, logitLow: 0.51, logitHigh: 0.59 },
          authentic: 0.83,
          nearest: [{ synthetic: 12, training: 40, distance: 3.1 }]
        }
      }
    ]
  }
}

/** Names that try to end their element, their attribute or their string, or to hide what they are. */
export const hostile = [
  "</style></svg></script><script>alert(1)</script>",
  "\"onload=alert(1) x='`{{7*7}}",
  "a.b[0]\\'; drop\u202egnp.<img src=http://x.test/a onerror=alert(1)>"
]

/** A report in which everything that can come from outside is hostile. */
export const hostileInput = (): ReportInput => {
  const [first, second, third] = hostile as [string, string, string]
  const input = reportInput(threeArms.map((arm, index) => ({ ...arm, name: hostile[index]!, description: third })))
  return {
    ...input,
    title: first,
    pipeline: second,
    classes: { negative: first, positive: third },
    data: {
      ...input.data,
      description: third,
      counts: input.data.counts.map((row) => ({ ...row, class: first })),
      excluded: [{ reason: third, images: 1 }]
    },
    configuration: { [first]: third, constructor: { prototype: second } },
    packages: [{ name: first, version: second }],
    backend: third,
    provenance: [{ node: first, stage: second, digest: third }],
    notes: hostile
  }
}
