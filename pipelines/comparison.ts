/** The wiring of a comparison: which nodes there are, and what each is made of. */
import { basename } from "node:path"
import packageJson from "../package.json" with { type: "json" }
import { type Built, conclude } from "../src/dag/pipeline.ts"
import type { AnyNode, Node } from "../src/dag/stage.ts"
import type { AugmentationPlan } from "../stages/artifacts/augmentation-plan.ts"
import type { Balance } from "../stages/artifacts/balance.ts"
import { compareWithGan, runName } from "../stages/compare-with-gan.ts"
import { armsOf, reference } from "./arms.ts"
import { description } from "./data.ts"
import { checkFreezing, depthOf, networkOf } from "./depth.ts"
import { unequalEvaluations } from "./same-evaluation.ts"
import type { Settings } from "./settings.ts"
import { generatorNodes, mistakesNode, type Run, viewsNode } from "./shown.ts"
import { armNodes, type Ground, groundOf, runNodes, seedsOf, withTrunk } from "./training-runs.ts"
import { shownAugment } from "./transforms.ts"
import { unaugmentedNodes } from "./unaugmented.ts"

/**
 * What the report shows of the settings: those that this run used, and names of folders, not where they lie on this
 * machine.
 */
const shown = ({ data, augment, embedded, split: { folds, fold, ...split }, ...settings }: Settings) => ({
  ...settings,
  split: split.by === "folds" ? { ...split, folds, fold } : split,
  augment: shownAugment({ augment }),
  ...(data.real === undefined
    ? { embedded }
    : {
        data: {
          ...data,
          real: basename(data.real),
          ...(data.synthetic === undefined ? {} : { synthetic: basename(data.synthetic) })
        }
      })
})

const packages = Object.entries(packageJson.dependencies).map(([name, version]) => ({ name, version }))

/** An arm as the comparison has it: what it is, its rows and its runs. */
export interface ComparedArm {
  readonly arm: string
  readonly description: string
  readonly rows: Node<typeof Balance>
  readonly runs: ReadonlyArray<Run>
  /** Where the arm is there for its number of frozen blocks. */
  readonly frozenLayers?: number
}

/** Frozen blocks without weights from a file never learn anything: said in the report, since a run may take days. */
const randomTrunkNotes = ({ model }: Settings): ReadonlyArray<string> =>
  model.weights !== undefined || depthOf(networkOf(model), model.frozenLayers) === 0
    ? []
    : [
        "The frozen blocks keep the random weights that they started from: model.weights is not set. Give weights, or freeze nothing (model.frozenLayers=0)."
      ]

/** The verdict over arms that are wired: the first is the reference. `others` are nodes above it beside the runs'. */
export const verdictOver = (
  ground: Ground,
  compared: {
    readonly title: string
    readonly pipeline: string
    readonly arms: readonly [ComparedArm, ...ReadonlyArray<ComparedArm>]
    /** Of the reference arm. */
    readonly plan: Node<typeof AugmentationPlan>
    readonly others: ReadonlyArray<AnyNode>
    readonly notes?: ReadonlyArray<string>
    readonly unaugmented?: ReturnType<typeof unaugmentedNodes>
  }
): Built => {
  const { settings, data, backend, evaluation } = ground
  const { arms } = compared
  const runs = arms.flatMap((arm) => arm.runs)
  const unequal = unequalEvaluations(runs.map(({ evaluated }) => evaluated))
  if (unequal !== undefined) return { targets: [unequal], describe: description(settings, data) }
  const mistakes = mistakesNode(data, evaluation, runs, backend)
  const views = viewsNode(settings, data, compared.plan)
  const joins = arms.some(({ rows }) => rows.inputs.has("synthetic"))
  const generator = joins ? generatorNodes(settings, data, evaluation, arms[0].runs, backend) : undefined
  const off = compared.unaugmented
  const all: ReadonlyArray<AnyNode> = [
    ...ground.nodes,
    ...compared.others,
    ...runs.flatMap(({ trained, evaluated }) => [trained, evaluated]),
    mistakes,
    views,
    ...(generator?.all ?? []),
    ...(off?.all ?? [])
  ]
  const verdict = compareWithGan.node({
    params: {
      title: compared.title,
      pipeline: compared.pipeline,
      description: data.description,
      reference: arms[0].arm,
      arms: arms.map(({ arm, description, frozenLayers }) => ({
        arm,
        description,
        ...(frozenLayers === undefined ? {} : { frozenLayers })
      })),
      seeds: seedsOf(settings),
      margin: settings.compare.margin,
      replicates: settings.compare.replicates,
      backend,
      configuration: shown(settings),
      packages,
      notes: [...(compared.notes ?? []), ...randomTrunkNotes(settings), ...data.notes]
    },
    inputs: {
      real: data.real,
      synthetic: joins ? data.synthetic : undefined,
      split: data.split,
      balances: Object.fromEntries(arms.map(({ arm, rows }) => [arm, rows])),
      models: Object.fromEntries(runs.map(({ name, trained }) => [name, trained])),
      evaluations: Object.fromEntries(runs.map(({ name, evaluated }) => [name, evaluated])),
      unaugmented: off?.bySeed ?? {},
      mistakes,
      views,
      generator: generator?.judged,
      provenance: Object.fromEntries(all.map((node) => [node.name, node]))
    }
  })
  return {
    targets: [verdict],
    describe: description(settings, data),
    conclusion: conclude(verdict, {
      verdict: ({ comparison }) => comparison.verdict.sentence,
      remarks: ({ remarks }) => remarks,
      report: ({ html }) => ({ name: "report.html", content: html }),
      beside: ({ json, modelCard, charts, predictions }) => [
        { name: "report.json", content: json },
        { name: "model-card.md", content: modelCard },
        { name: "predictions.csv", content: predictions.csv },
        { name: "predictions.arrow", content: Buffer.from(predictions.arrow, "base64") },
        ...charts.map(({ name, svg }) => ({ name: `charts/${name}.svg`, content: svg }))
      ]
    })
  }
}

export const comparison = (pipeline: string, settings: Settings): Built => {
  checkFreezing(settings)
  const ground = groundOf(settings)
  const arms = armsOf(settings, ground.data.synthetic !== undefined).map((arm) => ({
    ...arm,
    ...armNodes(ground, arm)
  }))
  const training = withTrunk(ground, arms[0]!.pack)
  const wired = arms.map((arm) => {
    const runs = seedsOf(settings).map((seed) =>
      runNodes(training, { arm: arm.arm, pack: arm.pack, rows: arm.rows, seed, name: runName(arm.arm, seed) })
    )
    return { ...arm, runs }
  })
  const [first, ...others] = wired as [(typeof wired)[number], ...typeof wired]
  const unaugmented = settings.compare.augmentationOff
    ? { unaugmented: unaugmentedNodes(training, reference, first.rows) }
    : {}
  return verdictOver(ground, {
    title: "Did the GAN images help?",
    pipeline,
    arms: [first, ...others],
    plan: first.plan,
    notes:
      ground.data.synthetic === undefined
        ? ["No synthetic set was given (data.synthetic): the control stands alone."]
        : [],
    ...unaugmented,
    others: [...wired.flatMap(({ rows, plan, pack }) => [rows, plan, pack]), ...training.trunk.nodes()]
  })
}
