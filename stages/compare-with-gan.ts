/** The evaluations of all arms and seeds → the verdict and the report; a comparison that is not valid is refused. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { classNames } from "../src/dataset/dataset.ts"
import { predictionsArrow, predictionsCsv } from "../src/report/predictions.ts"
import { renderReport } from "../src/report/render.ts"
import type { Arm } from "../src/statistics/check-comparison.ts"
import { compareArms } from "../src/statistics/compare.ts"
import { Balance } from "./artifacts/balance.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Evaluation } from "./artifacts/evaluation.ts"
import { GeneratorJudgement } from "./artifacts/generator-judgement.ts"
import { Mistakes } from "./artifacts/mistakes.ts"
import { Model } from "./artifacts/model.ts"
import { Report } from "./artifacts/report.ts"
import { Split } from "./artifacts/split.ts"
import { ViewsSheet } from "./artifacts/views-sheet.ts"
import { contradictory, memorised } from "./compare/data-notes.ts"
import { leaks, leaksOf, letThrough } from "./compare/let-through.ts"
import { qualify, sameTraining } from "./compare/same-training.ts"
import { dataSummary, frozenLayersRow, generatorOf, historyOf, splitRows } from "./compare/summary.ts"

/** Name of one training run of an arm, as the inputs `models` and `evaluations` are keyed. */
export const runName = (arm: string, seed: number): string => `${arm}:${seed}`

export const compareWithGan = Stage.make({
  name: "compare-with-gan",
  module: import.meta.url,
  params: Schema.Struct({
    title: Schema.String,
    pipeline: Schema.String,
    /** Where the images come from, in a sentence. */
    description: Schema.String,
    reference: Schema.String,
    arms: Schema.Array(
      Schema.Struct({
        arm: Schema.String,
        description: Schema.String,
        /** Where the arms differ in it. */
        frozenLayers: Schema.optionalKey(Schema.Int)
      })
    ),
    seeds: Schema.Array(Schema.Int),
    margin: Schema.Finite,
    replicates: Schema.Int,
    backend: Schema.String,
    configuration: Schema.Json,
    packages: Schema.Array(Schema.Struct({ name: Schema.String, version: Schema.String })),
    notes: Schema.Array(Schema.String)
  }),
  inputs: {
    real: Stage.one(Dataset),
    synthetic: Stage.optional(Dataset),
    split: Stage.one(Split),
    balances: Stage.many(Balance),
    models: Stage.many(Model),
    evaluations: Stage.many(Evaluation),
    /** The reference arm trained without augmentation, by seed. */
    unaugmented: Stage.many(Model),
    mistakes: Stage.one(Mistakes),
    views: Stage.one(ViewsSheet),
    generator: Stage.optional(GeneratorJudgement),
    provenance: Stage.references
  },
  output: Report,
  run: Effect.fnUntraced(function* ({ params, inputs }) {
    const { real, synthetic, split, balances, models, evaluations } = inputs
    const arms = params.arms.map(({ arm, description }): Arm => {
      const { counts } = balances[arm]!
      return {
        arm,
        description,
        training: {
          real: counts.real.benign + counts.real.melanoma,
          synthetic: counts.synthetic.benign + counts.synthetic.melanoma
        },
        runs: params.seeds.map((seed) => {
          const { threshold, predictions } = evaluations[runName(arm, seed)]!
          return { seed, threshold, predictions }
        })
      }
    })
    const provenances = Object.values(balances).map(({ provenance }) => provenance)
    // What a named override let through is said in the verdict and the notes, and not refused here.
    const generator =
      synthetic === undefined
        ? {}
        : { generator: { ...generatorOf(synthetic, real), letThrough: leaksOf(provenances) } }
    const same = sameTraining(params.arms, balances)
    const compared = yield* compareArms(
      {
        reference: params.reference,
        arms,
        splits: splitRows(real, split),
        overlapsLetThrough: leaks(split),
        ...generator
      },
      { margin: params.margin, replicates: params.replicates }
    )
    const comparison = qualify(compared, same)
    const remarks = [...letThrough(split, provenances), ...memorised(provenances), ...contradictory(real)]
    const predictions = arms.flatMap(({ arm, runs }) =>
      runs.map((run) => ({ arm, ...run, temperature: evaluations[runName(arm, run.seed)]!.temperature }))
    )
    const frozenLayers = params.arms.flatMap(({ arm, frozenLayers }) =>
      frozenLayers === undefined
        ? []
        : [
            frozenLayersRow(
              frozenLayers,
              params.seeds.map((seed) => models[runName(arm, seed)]!)
            )
          ]
    )
    const report = yield* renderReport({
      title: params.title,
      pipeline: params.pipeline,
      classes: { negative: classNames[0], positive: classNames[1] },
      comparison,
      histories: params.arms.flatMap(({ arm }) =>
        params.seeds.map((seed) => historyOf(arm, seed, models[runName(arm, seed)]!))
      ),
      data: dataSummary(params.description, real, synthetic, split),
      configuration: params.configuration,
      backend: params.backend,
      packages: params.packages,
      provenance: Object.entries(inputs.provenance).map(([node, digest]) => ({
        node,
        stage: node.split(":")[0]!,
        digest
      })),
      notes: [
        ...params.notes,
        ...same.flatMap(({ arm, text }) => (arm === comparison.verdict.arm ? [] : [text])),
        ...remarks
      ],
      mistakes: inputs.mistakes,
      ...(inputs.views === null ? {} : { views: inputs.views }),
      ...(inputs.generator === undefined
        ? {}
        : { generator: inputs.generator.quality, tested: inputs.generator.tested, triples: inputs.generator.triples }),
      withoutAugmentation: Object.entries(inputs.unaugmented).map(([seed, model]) =>
        historyOf(params.reference, Number(seed), model)
      ),
      predictions,
      ...(frozenLayers.length === 0 ? {} : { frozenLayers })
    })
    return {
      comparison,
      remarks,
      ...report,
      predictions: {
        csv: predictionsCsv(predictions),
        arrow: Buffer.from(predictionsArrow(predictions)).toString("base64")
      }
    }
  })
})
