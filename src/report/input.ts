/**
 * What a report is made of. No date, host or duration: the report is an artifact like any other, equal for equal input.
 * Losses are in nats, learning rates per step, probabilities in [0, 1].
 */
import * as Schema from "effect/Schema"
import { Comparison } from "../statistics/comparison-types.ts"
import { GanTest } from "../statistics/generators/gan-test.ts"
import { GeneratorQuality } from "../statistics/generators/quality.ts"
import { Label, Origin, Predictions } from "../statistics/types.ts"

const figure = Schema.NullOr(Schema.Finite)

/** One epoch of training. `null` where a quantity is undefined (an AUC of one class) or was not measured. */
export const Epoch = Schema.Struct({
  epoch: Schema.Int,
  trainLoss: figure,
  trainAccuracy: figure,
  trainAuc: figure,
  validationLoss: figure,
  validationAccuracy: figure,
  validationAuc: figure,
  learningRate: figure
})
export type Epoch = typeof Epoch.Type

/** The training of one arm with one seed. `bestEpoch`: the one whose weights were kept, numbered as in `epochs`. */
export const History = Schema.Struct({
  arm: Schema.String,
  seed: Schema.Int,
  bestEpoch: Schema.Int,
  epochs: Schema.Array(Epoch)
})
export type History = typeof History.Type

export const Split = Schema.Literals(["train", "validation", "test"])
export type Split = typeof Split.Type

export const DataSummary = Schema.Struct({
  /** Where the images come from, in a sentence. */
  description: Schema.String,
  counts: Schema.Array(Schema.Struct({ split: Split, class: Schema.String, origin: Origin, images: Schema.Int })),
  /** Groups (patients, lesions, clusters of near-duplicates) of the real images in a split. */
  groups: Schema.Array(Schema.Struct({ split: Split, groups: Schema.Int })),
  /** Images that were left out, by reason. */
  excluded: Schema.Array(Schema.Struct({ reason: Schema.String, images: Schema.Int }))
})
export type DataSummary = typeof DataSummary.Type

/** The bytes of a PNG image in base64. */
export const Png = Schema.String.check(Schema.isPattern(/^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$/u))

/** A test image that a model has wrong; `threshold`: the probability from which it calls positive. `overlay`: the same image under a map of what the model looked at (Grad-CAM). */
export const Mistake = Schema.Struct({
  id: Schema.String,
  arm: Schema.String,
  seed: Schema.Int,
  label: Label,
  probability: Schema.Finite,
  threshold: Schema.Finite,
  image: Png,
  overlay: Schema.optionalKey(Png),
  /** Where the map was taken: at the output of this block, of `side` × `side` cells. */
  map: Schema.optionalKey(Schema.Struct({ block: Schema.Int, side: Schema.Int }))
})
export type Mistake = typeof Mistake.Type

/** A real image, a synthetic one of the same class, and the training image nearest to it (`distance` in feature space). */
export const Triple = Schema.Struct({
  class: Schema.String,
  real: Schema.Struct({ id: Schema.String, image: Png }),
  synthetic: Schema.Struct({ id: Schema.String, image: Png }),
  nearest: Schema.Struct({ id: Schema.String, image: Png, distance: Schema.Finite })
})
export type Triple = typeof Triple.Type

/** A training image and `views` augmented views of it, in one picture: the image first. */
export const ViewsSheet = Schema.Struct({ id: Schema.String, views: Schema.Int, image: Png })
export type ViewsSheet = typeof ViewsSheet.Type

/** The figures of the kept epoch with so many frozen blocks. */
export const FrozenLayersRow = Schema.Struct({
  frozenLayers: Schema.Int,
  trainLoss: figure,
  trainAccuracy: figure,
  validationLoss: figure,
  validationAccuracy: figure
})
export type FrozenLayersRow = typeof FrozenLayersRow.Type

/** What one model said of the test images. `threshold` is a logit; sigmoid(logit / `temperature`) is calibrated. */
export const PredictionRun = Schema.Struct({
  arm: Schema.String,
  seed: Schema.Int,
  threshold: Schema.Finite,
  temperature: Schema.Finite,
  predictions: Predictions
})
export type PredictionRun = typeof PredictionRun.Type

export const ProvenanceRow = Schema.Struct({ node: Schema.String, stage: Schema.String, digest: Schema.String })
export type ProvenanceRow = typeof ProvenanceRow.Type

export const ReportInput = Schema.Struct({
  title: Schema.String,
  pipeline: Schema.String,
  /** Names of class 0 and class 1. */
  classes: Schema.Struct({ negative: Schema.String, positive: Schema.String }),
  comparison: Comparison,
  histories: Schema.Array(History),
  data: DataSummary,
  configuration: Schema.Json,
  /** What computed: the backend and the packages whose versions decide a result. */
  backend: Schema.String,
  packages: Schema.Array(Schema.Struct({ name: Schema.String, version: Schema.String })),
  provenance: Schema.Array(ProvenanceRow),
  /** Limits a reader must know of; shown beside the verdict. */
  notes: Schema.Array(Schema.String),
  /** With them the ROC curves get confidence bands. */
  predictions: Schema.optionalKey(Schema.Array(PredictionRun)),
  mistakes: Schema.optionalKey(Schema.Array(Mistake)),
  triples: Schema.optionalKey(Schema.Array(Triple)),
  /** One a class of synthetic images. */
  generator: Schema.optionalKey(Schema.Array(GeneratorQuality)),
  /** The reference arm's networks on synthetic images. */
  tested: Schema.optionalKey(Schema.Array(GanTest)),
  views: Schema.optionalKey(ViewsSheet),
  /** The reference arm trained again without augmentation, beside `histories`. */
  withoutAugmentation: Schema.optionalKey(Schema.Array(History)),
  frozenLayers: Schema.optionalKey(Schema.Array(FrozenLayersRow))
})
export type ReportInput = typeof ReportInput.Type
