/**
 * The settings of a comparison: one schema for all its pipelines, each with its own defaults. A path of `--set` is a
 * path in here, such as `model.frozenLayers`.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ProvenanceOverride } from "../src/dataset/provenance.ts"
import { SplitOverride } from "../src/dataset/split.ts"
import { families } from "../src/model/architecture/family.ts"
import { variants } from "../src/model/architecture/variants.ts"
import { backendNames } from "../src/model/backends/names.ts"
import { precisions } from "../src/model/features/pack.ts"
import { policies } from "../src/model/training/freezing.ts"
import { Transforms } from "../stages/transform-list.ts"
import type { Defaults } from "./defaults.ts"
import { loopSettings, modelSettings } from "./training-settings.ts"

const PositiveInt = Schema.Int.check(Schema.isGreaterThan(0))
const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const FrozenLayers = Schema.Union([Count, Schema.String])
const Ratio = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 100 }))

const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))

const limit = (description: string) => Schema.optionalKey(Count.annotate({ description }))

const data = Schema.Struct({
  real: text("Folder of the real images: classes as folders, or a CSV with image, label and group columns."),
  synthetic: text("Folder of the GAN's images, with generator.json where there is one."),
  layout: text("Name of the layout of data.real, where it is not recognised (or wrongly)."),
  table: text("The table of labels, as a path inside data.real, where there are several."),
  images: text("The folder inside data.real that holds the images, where the same names stand in several."),
  image: text("Column of the image's name, where it has no usual name."),
  label: text("Column of the label, where it has no usual name."),
  group: text("Column of what must stay in one split (the patient), where it has no usual name."),
  lesion: text("Column of the lesion, where it has no usual name."),
  split: text("Column of the declared split, where it has no usual name."),
  positive: text("The value of the label column that counts as melanoma, where it has no usual name."),
  unreadableLimit: limit("So many images may be unreadable before that is an error (0)."),
  missingLimit: limit("So many rows of the table may have no image before that is an error (0)."),
  syntheticLabel: Schema.optionalKey(
    Schema.Literals(["benign", "melanoma", "malignant"]).annotate({
      description: "Class of all images of data.synthetic, where neither folders nor names say it."
    })
  )
})

/** Beside lists of transforms, so that `transformsOf` says what is wrong in one rather than the union of all transforms. */
const anyJson = [Schema.Array(Schema.Json), Schema.Record(Schema.String, Schema.Json)] as const

export const settings = (defaults: Defaults) => {
  const byDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
    schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))
  const field = <S extends Schema.Top>(schema: S, value: S["Encoded"], description: string) =>
    byDefault(schema.annotate({ description }), value)
  const section = <F extends Schema.Struct.Fields>(fields: F) =>
    byDefault(Schema.Struct(fields), {} as Schema.Struct<F>["Encoded"])
  const { embedded } = defaults
  return Schema.Struct({
    data: byDefault(data, {}),
    embedded: section({
      patients: field(PositiveInt, embedded?.patients ?? 240, "Patients of the embedded data set, without data.real."),
      synthetic: field(PositiveInt, embedded?.synthetic ?? 120, "Images of the embedded synthetic set."),
      seed: field(Schema.Int, 1, "Seed of the embedded data.")
    }),
    split: section({
      by: field(
        Schema.Literals(["declared", "group", "column", "folds", "generator"]),
        "declared",
        "declared: the data's own split where every image has one, else by group. group: drawn here. column: must be there. folds: one fold of several, drawn here. generator: drawn here, with what data.synthetic's generator saw in train."
      ),
      folds: field(PositiveInt, 5, "With split.by=folds: how many folds, each the test once. 3 at least."),
      fold: field(PositiveInt, 1, "With split.by=folds: the fold that is the test, from 1."),
      train: field(Share, 0.7, "Share of the images."),
      validation: field(Share, 0.1, "Share of the images."),
      test: field(Share, 0.2, "Share of the images."),
      seed: field(Schema.Int, 1, "Seed of the draw."),
      allow: field(
        Schema.Array(SplitOverride),
        [],
        "Leaks of a declared split, and equal images in both classes, that are let through, by name; the report says so."
      )
    }),
    balance: section({
      strategy: field(
        Schema.Literals(["none", "class-balanced", "positive-weight"]),
        "none",
        "How the training rows of every arm are drawn or weighed."
      ),
      allow: field(
        Schema.Array(ProvenanceOverride),
        [],
        "Leaks through the generator that are let through, by name; the report says so."
      )
    }),
    augment: section({
      preset: field(
        Schema.Literals(["none", "original", "siim-winner"]),
        defaults.preset as "original",
        "The list of transforms."
      ),
      transforms: Schema.optionalKey(
        Schema.Union([Transforms, Schema.String, ...anyJson]).annotate({
          description:
            "Your own list, in place of the preset: JSON, or the path of a file with one or with what A.to_dict of albumentations wrote."
        })
      ),
      views: field(PositiveInt, defaults.views, "Augmented views of each training image; an epoch shows one of them."),
      seed: field(Schema.Int, 1, "Seed of the sampled parameters.")
    }),
    resize: section({
      side: field(PositiveInt.check(Schema.isBetween({ minimum: 16, maximum: 1024 })), defaults.side, "Pixels a side.")
    }),
    model: section({
      variant: field(
        Schema.Literals(variants),
        defaults.variant,
        "The network: EfficientNet b0 to b7, resnet50, or a small one (nano)."
      ),
      frozenLayers: field(
        FrozenLayers,
        defaults.frozenLayers,
        "Blocks frozen, and with the first of them the stem; or none, all, features, stage1 to stage7."
      ),
      batchNorm: field(Schema.Literals(policies), "statistics", "What batch norm does in the frozen blocks."),
      momentum: field(
        Schema.NullOr(Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))),
        null,
        "Share of a batch's statistics in batch norm's running ones (PyTorch's convention); null: the weight family's."
      ),
      weights: text(
        "Weights to start from: a file, the folder of a TensorFlow.js layers-model, an address, or a name of docs/weights.md. Without it, random ones from the seed."
      ),
      weightsDigest: text("SHA-256 that a file from an address must have, in hexadecimal (or URL#sha256=DIGEST)."),
      family: field(Schema.Literals(families), "torchvision", "Where the weights come from: padding, epsilon, names."),
      dropout: field(Share, 0.3, "Share of the pooled features dropped in training."),
      ...modelSettings,
      features: field(
        Schema.Literals([...precisions, "none"]),
        "float32",
        "Under adapt and inference: how the frozen blocks' outputs are kept between runs. none: computed at every step."
      ),
      calibrationImages: field(
        PositiveInt.check(Schema.isGreaterThanOrEqualTo(2)),
        2048,
        "Under adapt: real training images that batch norm's statistics are estimated from."
      ),
      backend: field(
        Schema.Literals(["auto", ...backendNames]),
        "auto",
        "What computes: auto takes the first that starts."
      )
    }),
    training: section({
      epochs: field(PositiveInt, defaults.epochs, "At most so many epochs."),
      batchSize: field(PositiveInt, defaults.batchSize, "Images a step."),
      learningRate: field(Positive, defaults.learningRate, "The optimiser's step size."),
      patience: field(PositiveInt, defaults.patience, "Epochs without improvement before training ends."),
      monitor: field(Schema.Literals(["auc", "loss"]), "auc", "The validation figure that decides the best epoch."),
      ...loopSettings,
      seeds: field(PositiveInt, defaults.seeds, "Training runs of each arm, with seeds 1, 2, ...")
    }),
    evaluate: section({
      testTime: field(
        Schema.Literals(["none", "dihedral"]),
        "none",
        "Test-time augmentation: dihedral takes the mean logit over the eight symmetries of the square."
      )
    }),
    compare: section({
      ratios: field(
        Schema.Array(Schema.Union([Schema.Literal("all"), Ratio])),
        ["all"],
        "Synthetic images added, an arm each: all there are, or a multiple of the real training images of their class."
      ),
      syntheticOnly: field(
        Schema.Boolean,
        defaults.syntheticOnly,
        "Also an arm with synthetic images in the place of the real ones of their class."
      ),
      control: field(
        Schema.Boolean,
        defaults.control,
        "Also an arm with classical oversampling to the same balance, the control of a fair comparison."
      ),
      augmentationOff: field(
        Schema.Boolean,
        defaults.augmentationOff,
        "Also train the reference arm without augmentation, to show in the report what augmentation is worth."
      ),
      margin: field(Positive, 0.02, "The smallest difference of AUC that matters."),
      replicates: field(
        Schema.Int.check(Schema.isGreaterThanOrEqualTo(100)),
        defaults.replicates,
        "Draws of the bootstrap."
      )
    })
  })
}

export type Settings = ReturnType<typeof settings>["Type"]
