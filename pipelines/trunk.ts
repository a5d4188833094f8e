/**
 * The nodes of a frozen trunk: under the policies `adapt` and `inference` it is a pure function of an image, so its
 * outputs are computed once and training begins behind it.
 */
import type { AnyNode, Node } from "../src/dag/stage.ts"
import type { Features } from "../stages/artifacts/features.ts"
import type { Pack } from "../stages/artifacts/pack.ts"
import type { Statistics } from "../stages/artifacts/statistics.ts"
import { calibrate } from "../stages/calibrate.ts"
import { features } from "../stages/features.ts"
import { depthOf, type FrozenLayers, networkOf } from "./depth.ts"
import type { Ground } from "./training-runs.ts"

type FrozenPack = Node<typeof Features>

/** What a run asks of the trunk. */
interface Run {
  readonly arm: string
  readonly pack: Node<typeof Pack>
  readonly seed: number
  /** In place of the setting. */
  readonly frozenLayers?: number
}

/** `reference`: the pack of the arm that has real images only, by which all arms are calibrated. */
export const trunk = ({ settings, backend, evaluation, weights }: Ground, reference: Node<typeof Pack>) => {
  const { model, training } = settings
  const { variant, family, batchNorm, features: precision } = model
  const plan = networkOf(model)
  const made = new Map<string, AnyNode>()
  const once = <N extends AnyNode>(stage: string, names: ReadonlyArray<string>, make: (label?: string) => N): N => {
    const label = names.filter((name) => name !== "").join(":")
    const key = `${stage} ${label}`
    const node = made.get(key) ?? make(label === "" ? undefined : label)
    made.set(key, node)
    return node as N
  }
  const labelled = (label: string | undefined) => (label === undefined ? {} : { label })
  /** Drawn at random, the weights of every seed make a trunk of their own. */
  const ofSeed = (seed: number) => (weights === undefined ? { seed, name: String(seed) } : { seed: 0, name: "" })

  /** Gradual unfreezing trains from the shallowest depth on; what lies below that is frozen throughout. */
  const shallowest = (frozenLayers: FrozenLayers) =>
    [frozenLayers, ...training.unfreeze.map(({ frozenLayers }) => frozenLayers)].reduce((least, choice) =>
      depthOf(plan, choice) < depthOf(plan, least) ? choice : least
    )

  const isFixed = (run: Run): boolean =>
    (batchNorm === "adapt" || batchNorm === "inference") &&
    depthOf(plan, shallowest(run.frozenLayers ?? model.frozenLayers)) > 0

  const statisticsOf = (run: Run): Node<typeof Statistics> | undefined => {
    if (batchNorm !== "adapt" || !isFixed(run)) return undefined
    const { seed, name } = ofSeed(run.seed)
    return once("calibrate", [name], (label) =>
      calibrate.node({
        ...labelled(label),
        params: { variant, family, seed, batchSize: 64, images: model.calibrationImages, backend },
        inputs: { training: reference, weights }
      })
    )
  }

  const featuresOf = (run: Run, name: string, pack: Node<typeof Pack>): FrozenPack | undefined => {
    if (!isFixed(run) || precision === "none") return undefined
    const { seed, name: ofRun } = ofSeed(run.seed)
    const frozenLayers = shallowest(run.frozenLayers ?? model.frozenLayers)
    return once("features", [name, ofRun], (label) =>
      features.node({
        ...labelled(label),
        params: { variant, family, seed, frozenLayers, precision, backend },
        inputs: { pack, weights, statistics: statisticsOf(run) }
      })
    )
  }

  const ofEvaluation = (run: Run) =>
    featuresOf(run, run.frozenLayers === undefined ? "evaluation" : `evaluation-${run.frozenLayers}`, evaluation)

  return {
    /** What a training reads: its arm's images, or the trunk's outputs in their place. */
    trainedOn: (run: Run) => {
      const trainingFeatures = featuresOf(run, run.arm, run.pack)
      const evaluationFeatures = ofEvaluation(run)
      const kept = trainingFeatures !== undefined
      return {
        training: kept ? undefined : run.pack,
        evaluation: kept ? undefined : evaluation,
        trainingFeatures,
        evaluationFeatures,
        statistics: statisticsOf(run)
      }
    },
    /** What its evaluation reads. The symmetries of test-time augmentation are of images. */
    evaluatedOn: (run: Run) => {
      const kept = settings.evaluate.testTime === "none" ? ofEvaluation(run) : undefined
      return { evaluation: kept === undefined ? evaluation : undefined, features: kept }
    },
    /** All nodes that were made so far. */
    nodes: (): ReadonlyArray<AnyNode> => [...made.values()]
  }
}

export type Trunk = ReturnType<typeof trunk>
