/**
 * The training set of one arm: its rows, how often each is drawn and how the loss weighs melanoma. Synthetic images join
 * here and nowhere else, and every arm takes the same number of steps.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { generator } from "../random/generator.ts"
import { BalanceError } from "./balance-error.ts"
import { classNames, compareText, countLabels, type Dataset, Label, Origin, type Row } from "./dataset.ts"
import { listed } from "./fault.ts"
import { checkProvenance, Provenance, ProvenanceOverride } from "./provenance.ts"
import type { Split } from "./split.ts"

export const Strategy = Schema.Literals(["none", "class-balanced", "positive-weight", "oversample-to"])

const ratio = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

export const BalanceOptions = Schema.Struct({
  seed: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  /**
   * "none": every row alike. "class-balanced": both classes drawn equally often. "positive-weight": rows alike, the loss
   * of a melanoma multiplied by benign / melanoma. "oversample-to": the real melanomas drawn so often that the classes
   * stand as they would with `syntheticRatio` synthetic images, of which none is used: the control arm.
   */
  strategy: Strategy.pipe(Schema.withDecodingDefaultKey(Effect.succeed("none" as const))),
  /**
   * Synthetic images added: "all" there are, or a multiple of the real training images of the class. One number means
   * melanoma only, unless the synthetic set has benign images too.
   */
  syntheticRatio: Schema.Union([Schema.Literal("all"), ratio, Schema.Struct({ benign: ratio, melanoma: ratio })]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0))
  ),
  /** The real images of each class that gets synthetic ones are left out: train on synthetic, test on real. */
  replaceReal: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  /** Images drawn in one epoch; null for the number of real training images, the same for every arm. */
  epochLength: Schema.NullOr(Schema.Int.check(Schema.isGreaterThan(0))).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(null))
  ),
  allow: Schema.Array(ProvenanceOverride).pipe(Schema.withDecodingDefaultKey(Effect.succeed([])))
})
export type BalanceOptions = typeof BalanceOptions.Type

/** The options with every default. */
export const defaultBalanceOptions: BalanceOptions = Schema.decodeSync(BalanceOptions)({})

const ClassCounts = Schema.Struct({ benign: Schema.Int, melanoma: Schema.Int })

export const BalanceRow = Schema.Struct({
  id: Schema.String,
  path: Schema.String,
  digest: Schema.String,
  origin: Origin,
  label: Label,
  group: Schema.String,
  /** Expected draws in one epoch; they sum to `epochLength`. */
  weight: Schema.Finite
})

export const Balance = Schema.Struct({
  strategy: Strategy,
  seed: Schema.Int,
  epochLength: Schema.Int,
  /** Factor of the loss of a melanoma; 1 but under "positive-weight". */
  positiveWeight: Schema.Finite,
  /** Real rows first, then synthetic ones, each sorted by id. */
  rows: Schema.Array(BalanceRow),
  counts: Schema.Struct({ real: ClassCounts, synthetic: ClassCounts }),
  /** Share of melanoma among the draws of an epoch, and among the real training images: for the correction of the prior. */
  trainedPrior: Schema.Finite,
  naturalPrior: Schema.Finite,
  provenance: Provenance
})
export type Balance = typeof Balance.Type

type Ratios = { readonly benign: number; readonly melanoma: number }

const ratiosOf = (value: BalanceOptions["syntheticRatio"], has: Ratios, natural: Ratios): Ratios =>
  value === "all"
    ? { benign: has.benign / Math.max(1, natural.benign), melanoma: has.melanoma / Math.max(1, natural.melanoma) }
    : typeof value === "number"
      ? { benign: has.benign > 0 ? value : 0, melanoma: value }
      : value

const fail = (reason: BalanceError["reason"], rows: ReadonlyArray<string>, fault: string, mend: string) =>
  new BalanceError({ reason, rows, place: "the training set", fault, mend })

/** The first n of the class by a draw keyed by the image itself: a larger ratio keeps what a smaller one had. */
const drawSynthetic = Effect.fnUntraced(function* (
  synthetic: Dataset,
  label: Label,
  wanted: number,
  seed: number
): Effect.fn.Return<ReadonlyArray<Row>, BalanceError> {
  const own = synthetic.rows.filter((row) => row.label === label)
  if (own.length < wanted) {
    const what = `${wanted} synthetic ${classNames[label]} images are asked for and ${own.length} are there`
    const mend = `Make more, lower the ratio, or set it to all.`
    return yield* fail("too-few-synthetic", [], what, mend)
  }
  return own
    .map((row) => ({ row, draw: generator("balance", seed, row.digest, row.id).float() }))
    .sort((a, b) => a.draw - b.draw || compareText(a.row.id, b.row.id))
    .slice(0, wanted)
    .map(({ row }) => row)
    .sort((a, b) => compareText(a.id, b.id))
})

const weightsFor = (rows: ReadonlyArray<Row>, shareOfMelanoma: number, epochLength: number): ReadonlyArray<number> => {
  const counts = countLabels(rows)
  return rows.map(({ label }) =>
    label === 1
      ? (epochLength * shareOfMelanoma) / counts.melanoma
      : (epochLength * (1 - shareOfMelanoma)) / counts.benign
  )
}

/**
 * Puts together the training rows of one arm. Fails with `BalanceError` where synthetic images are asked for and not
 * there, where the generator saw images outside train, where a synthetic image shows one outside train, or where a class
 * is missing.
 */
export const balance = Effect.fnUntraced(function* (
  split: Split,
  real: Dataset,
  synthetic: Dataset | null,
  options: BalanceOptions
): Effect.fn.Return<Balance, BalanceError> {
  const inTrain = new Set(split.train)
  const training = real.rows.filter(({ id }) => inTrain.has(id))
  if (training.length !== inTrain.size) {
    const known = new Set(training.map(({ id }) => id))
    const absent = split.train.filter((id) => !known.has(id))
    return yield* fail(
      "unknown-row",
      absent,
      `train names images that are not there: ${listed(absent)}`,
      "Split again."
    )
  }
  const natural = countLabels(training)
  const available = synthetic === null ? { benign: 0, melanoma: 0 } : countLabels(synthetic.rows)
  const ratios = ratiosOf(options.syntheticRatio, available, natural)
  const wanted = {
    benign: Math.round(ratios.benign * natural.benign),
    melanoma: Math.round(ratios.melanoma * natural.melanoma)
  }
  const control = options.strategy === "oversample-to"
  const joins = !control && wanted.benign + wanted.melanoma > 0
  if (synthetic === null && (joins || options.syntheticRatio === "all")) {
    const mend = "Set data.synthetic to the folder of such images."
    return yield* fail("no-synthetic-set", [], "synthetic images are asked for and there is no synthetic set", mend)
  }
  const added: Array<Row> = []
  let provenance: Provenance = { status: "none", trainedOn: 0, unknown: 0, copiesOfTrain: [], overrides: [] }
  if (joins && synthetic !== null) {
    added.push(...(yield* drawSynthetic(synthetic, 0, wanted.benign, options.seed)))
    added.push(...(yield* drawSynthetic(synthetic, 1, wanted.melanoma, options.seed)))
    provenance = yield* checkProvenance(synthetic, added, real, inTrain, options.allow)
  }
  const replaced = (label: Label) => options.replaceReal && added.some((row) => row.label === label)
  const rows = [...training.filter(({ label }) => !replaced(label)), ...added]
  const counts = countLabels(rows)
  if (counts.benign === 0 || counts.melanoma === 0) {
    const what = `there are ${counts.benign} benign and ${counts.melanoma} melanoma images to train on`
    return yield* fail("class-missing", [], what, "Both classes are needed: change the data, the split or the ratio.")
  }
  const epochLength = options.epochLength ?? training.length
  const share = (melanoma: number, benign: number) => melanoma / (melanoma + benign)
  const trainedPrior =
    options.strategy === "class-balanced"
      ? 0.5
      : control
        ? share(counts.melanoma * (1 + ratios.melanoma), counts.benign * (1 + ratios.benign))
        : share(counts.melanoma, counts.benign)
  const weights = weightsFor(rows, trainedPrior, epochLength)
  return {
    strategy: options.strategy,
    seed: options.seed,
    epochLength,
    positiveWeight: options.strategy === "positive-weight" ? counts.benign / counts.melanoma : 1,
    rows: rows.map(({ id, path, digest, origin, label, group }, index) => ({
      id,
      path,
      digest,
      origin,
      label,
      group,
      weight: weights[index]!
    })),
    counts: { real: countLabels(rows.filter(({ origin }) => origin === "real")), synthetic: countLabels(added) },
    trainedPrior,
    naturalPrior: share(natural.melanoma, natural.benign),
    provenance
  }
})
