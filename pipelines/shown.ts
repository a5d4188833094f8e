/** The nodes whose artifacts the report shows beside the comparison: mistakes, views, and figures of the generator. */

import type { Node } from "../src/dag/stage.ts"
import type { BackendName } from "../src/model/backends/names.ts"
import type { AugmentationPlan } from "../stages/artifacts/augmentation-plan.ts"
import type { Evaluation } from "../stages/artifacts/evaluation.ts"
import type { Model } from "../stages/artifacts/model.ts"
import type { Pack } from "../stages/artifacts/pack.ts"
import { judgeGenerator } from "../stages/judge-generator.ts"
import { resize } from "../stages/resize.ts"
import { sampleImages } from "../stages/sample-images.ts"
import { showMistakes } from "../stages/show-mistakes.ts"
import { showViews } from "../stages/show-views.ts"
import type { Data } from "./data.ts"
import type { Settings } from "./settings.ts"

export interface Run {
  readonly arm: string
  readonly seed: number
  readonly name: string
  readonly trained: Node<typeof Model>
  readonly evaluated: Node<typeof Evaluation>
}

const byName = <A>(runs: ReadonlyArray<Run>, name: (run: Run) => string, value: (run: Run) => A) =>
  Object.fromEntries(runs.map((run) => [name(run), value(run)]))

export const mistakesNode = (
  data: Data,
  evaluation: Node<typeof Pack>,
  runs: ReadonlyArray<Run>,
  backend: BackendName
) =>
  showMistakes.node({
    params: { runs: runs.map(({ arm, seed, name }) => ({ arm, seed, name })), backend },
    inputs: {
      real: data.real,
      evaluation,
      models: byName(
        runs,
        ({ name }) => name,
        ({ trained }) => trained
      ),
      evaluations: byName(
        runs,
        ({ name }) => name,
        ({ evaluated }) => evaluated
      )
    }
  })

/** `plan`: of the reference arm. */
export const viewsNode = (settings: Settings, data: Data, plan: Node<typeof AugmentationPlan>) =>
  showViews.node({ params: settings.resize, inputs: { plan, real: data.real, files: data.files(false) } })

/** Images of a class and origin that the generator is judged by: what follows costs the square of them. */
const mostJudged = 2000

/** Without synthetic images there is no generator to judge, and no node. */
export const generatorNodes = (
  settings: Settings,
  data: Data,
  evaluation: Node<typeof Pack>,
  /** Of the reference arm. */
  runs: ReadonlyArray<Run>,
  backend: BackendName
) => {
  const { real, synthetic, split } = data
  const [first, ...others] = runs
  if (synthetic === undefined || first === undefined) return undefined
  const plan = sampleImages.node({ params: { most: mostJudged }, inputs: { real, synthetic, split } })
  const images = resize.node({
    label: "generator",
    params: settings.resize,
    inputs: { plan, split, real, synthetic, files: data.files(true) }
  })
  const judged = judgeGenerator.node({
    params: { reference: first.arm, seeds: [first.seed, ...others.map(({ seed }) => seed)], backend },
    inputs: {
      real,
      synthetic,
      split,
      images,
      evaluation,
      models: byName(
        runs,
        ({ seed }) => String(seed),
        ({ trained }) => trained
      ),
      evaluations: byName(
        runs,
        ({ seed }) => String(seed),
        ({ evaluated }) => evaluated
      )
    }
  })
  return { judged, all: [plan, images, judged] }
}
