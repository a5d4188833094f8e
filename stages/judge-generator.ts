/**
 * Synthetic and real images, class by class → the figures of the generator, in the feature space of the reference arm's
 * first network, and what the reference arm's networks make of the synthetic images. Both sides came down one resize path.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stage from "../src/dag/stage.ts"
import { classNames, type Label, type Row } from "../src/dataset/dataset.ts"
import { type Pack as Images, openPack } from "../src/image/pack.ts"
import { networkName } from "../src/model/architecture/variants.ts"
import { backendNames, openBackend } from "../src/model/backends/open.ts"
import { pooledFeatures } from "../src/model/pooled-features.ts"
import { predict } from "../src/model/predict.ts"
import type { Features } from "../src/statistics/generators/features.ts"
import { type GanTest, shareCalledRight } from "../src/statistics/generators/gan-test.ts"
import { generatorQuality } from "../src/statistics/generators/quality.ts"
import { spectrumFeatures } from "../src/statistics/generators/spectrum.ts"
import { Dataset } from "./artifacts/dataset.ts"
import { Evaluation } from "./artifacts/evaluation.ts"
import { GeneratorJudgement } from "./artifacts/generator-judgement.ts"
import { Model } from "./artifacts/model.ts"
import { Pack } from "./artifacts/pack.ts"
import { Split } from "./artifacts/split.ts"
import { triplesOf } from "./judge-generator/triples.ts"
import { imagesOf, rowsWithIds } from "./rows.ts"

const spectraOf = (pack: Images, rows: ReadonlyArray<Row>): Features => {
  const length = pack.side * pack.side * 3
  const pixels = new Uint8Array(rows.length * length)
  for (const [at, { digest }] of rows.entries()) pixels.set(pack.image(pack.indexOf(digest)!), at * length)
  return spectrumFeatures(pixels, rows.length, pack.side)
}

export const judgeGenerator = Stage.make({
  name: "judge-generator",
  module: import.meta.url,
  params: Schema.Struct({
    reference: Schema.String,
    /** Of the reference arm; the first one's network makes the features. */
    seeds: Schema.NonEmptyArray(Schema.Int),
    backend: Schema.Literals(backendNames)
  }),
  inputs: {
    real: Stage.one(Dataset),
    synthetic: Stage.one(Dataset),
    split: Stage.one(Split),
    /** What `sample-images` chose. */
    images: Stage.one(Pack),
    evaluation: Stage.one(Pack),
    /** By seed. */
    models: Stage.many(Model),
    evaluations: Stage.many(Evaluation)
  },
  output: GeneratorJudgement,
  run: Effect.fnUntraced(function* ({ params: { reference, seeds, backend }, inputs }) {
    yield* openBackend(backend)
    const { real, synthetic, split, models, evaluations } = inputs
    const images = yield* openPack(inputs.images)
    const held = yield* openPack(inputs.evaluation)
    const chosen = (rows: ReadonlyArray<Row>) => rows.filter(({ digest }) => images.indexOf(digest) !== undefined)
    const [first] = seeds
    const embed = (pack: typeof images, rows: ReadonlyArray<Row>) =>
      pooledFeatures(models[first]!.weights, imagesOf(pack, rows))

    const judge = Effect.fnUntraced(function* (label: Label) {
      const ofClass = <A extends { readonly label: Label }>(rows: ReadonlyArray<A>) =>
        rows.filter((row) => row.label === label)
      const className = classNames[label]
      const fake = ofClass(chosen(synthetic.rows))
      const training = ofClass(chosen(rowsWithIds(real.rows, split.train)))
      const heldOut = ofClass(rowsWithIds(real.rows, [...split.validation, ...split.test]))
      const test = ofClass(rowsWithIds(real.rows, split.test))
      const features = yield* embed(images, training)
      const fakeFeatures = yield* embed(images, fake)
      const quality = generatorQuality({
        className,
        featureSpace: `pooled features of ${networkName(features.variant)}, "${reference}", seed ${first} (${features.columns} numbers), images of ${images.side} × ${images.side}`,
        training: features,
        synthetic: fakeFeatures,
        heldOut: yield* embed(held, heldOut),
        trainingGroups: training.map(({ group }) => group),
        spectra: { training: spectraOf(images, training), synthetic: spectraOf(images, fake) },
        key: ["generator", className]
      })
      const ids = new Set(test.map(({ id }) => id))
      const tested = yield* Effect.forEach(
        seeds,
        Effect.fnUntraced(function* (seed) {
          const { threshold, predictions } = evaluations[seed]!
          const onReal = predictions.logit.filter((_, row) => ids.has(predictions.id[row]!))
          const onFake = yield* predict(models[seed]!.weights, imagesOf(images, fake))
          return {
            className,
            seed,
            synthetic: shareCalledRight(label, threshold, onFake),
            real: shareCalledRight(label, threshold, onReal)
          } satisfies GanTest
        })
      )
      const triples = yield* triplesOf(
        className,
        { rows: training, features },
        { rows: fake, features: fakeFeatures },
        images
      )
      return { quality, tested, triples }
    })

    const labels = ([0, 1] as const).filter((label) => synthetic.rows.some((row) => row.label === label))
    const judged = yield* Effect.forEach(labels, judge)
    return {
      quality: judged.map(({ quality }) => quality),
      tested: judged.flatMap(({ tested }) => tested),
      triples: judged.flatMap(({ triples }) => triples)
    }
  })
})
