/** The wiring of a comparison: which nodes there are, and what each is made of. */
import { basename } from "node:path"
import packageJson from "../package.json" with { type: "json" }
import { type Built, conclude, SettingError } from "../src/dag/pipeline.ts"
import type { AnyNode } from "../src/dag/stage.ts"
import { architecture, networkName } from "../src/model/architecture/variants.ts"
import { audit } from "../stages/audit.ts"
import { augment } from "../stages/augment.ts"
import { balance } from "../stages/balance.ts"
import { compareWithGan, runName } from "../stages/compare-with-gan.ts"
import { evaluate } from "../stages/evaluate.ts"
import { fineTune } from "../stages/fine-tune.ts"
import { importWeights } from "../stages/import-weights.ts"
import { resize } from "../stages/resize.ts"
import { type Arm, armsOf, reference } from "./arms.ts"
import { resolveBackend } from "./backend.ts"
import { type Data, dataNodes, description } from "./data.ts"
import type { Settings } from "./settings.ts"
import { shownAugment, transformsOf } from "./transforms.ts"

/** Numbers of the training runs. */
const seedsOf = ({ training }: Settings): ReadonlyArray<number> =>
  Array.from({ length: training.seeds }, (_, index) => index + 1)

const checkFrozenLayers = ({ model }: Settings): void => {
  const blocks = architecture(model.variant).blocks.length
  if (model.frozenLayers <= blocks) return
  throw new SettingError({
    setting: "model.frozenLayers",
    fault: `${model.frozenLayers}, but ${networkName(model.variant)} has ${blocks} blocks`,
    mend: `choose 0 (nothing frozen) to ${blocks} (all but the head)`
  })
}

const armNodes = (settings: Settings, data: Data, arm: Arm) => {
  const { real, split } = data
  const synthetic = arm.syntheticRatio === 0 ? undefined : data.synthetic
  const rows = balance.node({
    label: arm.arm,
    params: {
      strategy: arm.strategy,
      syntheticRatio: arm.syntheticRatio,
      replaceReal: arm.replaceReal,
      allow: settings.balance.allow
    },
    inputs: { split, real, synthetic }
  })
  // The control looks at the synthetic set only to learn how many images it would have.
  const joins = arm.strategy === "oversample-to" ? undefined : synthetic
  const plan = augment.node({
    label: arm.arm,
    params: { transforms: transformsOf(settings), seed: settings.augment.seed, views: settings.augment.views },
    inputs: { balance: rows, real, synthetic: joins }
  })
  const pack = resize.node({
    label: arm.arm,
    params: settings.resize,
    inputs: { plan, split, real, synthetic: joins, files: data.files(joins !== undefined) }
  })
  return { rows, plan, pack }
}

/** What the report shows of the settings: names of folders, not where they lie on this machine. */
const shown = ({ data, augment, ...settings }: Settings) => ({
  ...settings,
  augment: shownAugment(augment),
  data: {
    ...data,
    ...(data.real === undefined ? {} : { real: basename(data.real) }),
    ...(data.synthetic === undefined ? {} : { synthetic: basename(data.synthetic) })
  }
})

const packages = Object.entries(packageJson.dependencies).map(([name, version]) => ({ name, version }))

export const comparison = (pipeline: string, settings: Settings): Built => {
  checkFrozenLayers(settings)
  const { model, training } = settings
  const backend = resolveBackend(model.backend)
  const data = dataNodes(settings)
  const arms = armsOf(settings, data.synthetic !== undefined)
  const seeds = seedsOf(settings)
  const evaluation = resize.node({
    label: "evaluation",
    params: settings.resize,
    inputs: { plan: undefined, split: data.split, real: data.real, synthetic: undefined, files: data.files(false) }
  })
  const audited =
    data.synthetic === undefined
      ? undefined
      : audit.node({
          params: { allow: settings.balance.allow },
          inputs: { real: data.real, synthetic: data.synthetic, split: data.split }
        })
  const weights =
    model.weights === undefined ? undefined : importWeights.node({ params: { path: model.weights }, inputs: {} })
  const nodesByArm = arms.map((arm) => ({ ...arm, ...armNodes(settings, data, arm) }))
  const runs = nodesByArm.flatMap(({ arm, rows, pack }) =>
    seeds.map((seed) => {
      const name = runName(arm, seed)
      const { seeds: _, ...loop } = training
      const trained = fineTune.node({
        label: name,
        params: {
          ...loop,
          variant: model.variant,
          family: model.family,
          frozenLayers: model.frozenLayers,
          policy: model.batchNorm,
          momentum: model.momentum,
          dropout: model.dropout,
          seed,
          backend
        },
        inputs: {
          audit: audited,
          balance: rows,
          training: pack,
          evaluation,
          split: data.split,
          real: data.real,
          weights
        }
      })
      const evaluated = evaluate.node({
        label: name,
        params: { backend },
        inputs: { model: trained, evaluation, split: data.split, real: data.real }
      })
      return { name, trained, evaluated }
    })
  )
  const all: ReadonlyArray<AnyNode> = [
    ...data.nodes,
    ...(audited === undefined ? [] : [audited]),
    evaluation,
    ...nodesByArm.flatMap(({ rows, plan, pack }) => [rows, plan, pack]),
    ...(weights === undefined ? [] : [weights]),
    ...runs.flatMap(({ trained, evaluated }) => [trained, evaluated])
  ]
  const verdict = compareWithGan.node({
    params: {
      title: "Did the GAN images help?",
      pipeline,
      description: data.description,
      reference,
      arms: arms.map(({ arm, description }) => ({ arm, description })),
      seeds,
      margin: settings.compare.margin,
      replicates: settings.compare.replicates,
      backend,
      configuration: shown(settings),
      packages,
      notes: data.notes
    },
    inputs: {
      real: data.real,
      synthetic: data.synthetic,
      split: data.split,
      evaluation,
      balances: Object.fromEntries(nodesByArm.map(({ arm, rows }) => [arm, rows])),
      models: Object.fromEntries(runs.map(({ name, trained }) => [name, trained])),
      evaluations: Object.fromEntries(runs.map(({ name, evaluated }) => [name, evaluated])),
      provenance: Object.fromEntries(all.map((node) => [node.name, node]))
    }
  })
  return {
    targets: [verdict],
    describe: description(settings, data),
    conclusion: conclude(verdict, {
      verdict: ({ comparison }) => comparison.verdict.sentence,
      report: ({ html }) => ({ name: "report.html", content: html }),
      beside: ({ json, modelCard, charts }) => [
        { name: "report.json", content: json },
        { name: "model-card.md", content: modelCard },
        ...charts.map(({ name, svg }) => ({ name: `charts/${name}.svg`, content: svg }))
      ]
    })
  }
}
