/** What the report says of the data and of the training runs, from their artifacts. */
import { classNames, type Dataset, type Row, type SplitName } from "../../src/dataset/dataset.ts"
import { rowFinder } from "../../src/dataset/provenance.ts"
import type { Split } from "../../src/dataset/split.ts"
import type { DataSummary, FrozenLayersRow, History } from "../../src/report/input.ts"
import type { GeneratorManifest, SplitRow } from "../../src/statistics/check-splits.ts"
import type { Model } from "../artifacts/model.ts"

const parts: ReadonlyArray<SplitName> = ["train", "validation", "test"]

const splitOf = (split: Split): Map<string, SplitName> =>
  new Map(parts.flatMap((part) => split[part].map((id) => [id, part] as const)))

/** The split of all real images, as the audit reads it. */
export const splitRows = (real: Dataset, split: Split): ReadonlyArray<SplitRow> => {
  const placed = splitOf(split)
  return real.rows.flatMap(({ id, group, origin }) => {
    const part = placed.get(id)
    return part === undefined ? [] : [{ id, group, origin, split: part }]
  })
}

/** The real images that the generator was trained on, as far as its manifest names images of this data set. */
export const generatorOf = (synthetic: Dataset, real: Dataset): GeneratorManifest => {
  const named = synthetic.manifest?.trainedOn
  if (named === undefined) return { trainedOn: null }
  const find = rowFinder(real.rows)
  const found = new Map(named.map((name) => [name, find(name)?.id]))
  const ids = [...found.values()].flatMap((id) => id ?? [])
  return { trainedOn: [...new Set(ids)], missing: found.size - ids.length }
}

export const historyOf = (arm: string, seed: number, { history, bestEpoch }: Model): History => ({
  arm,
  seed,
  bestEpoch,
  epochs: history.map(({ epoch, learningRate, train, validation }) => ({
    epoch,
    learningRate,
    trainLoss: train.loss,
    trainAccuracy: train.accuracy,
    trainAuc: train.auc,
    validationLoss: validation.loss,
    validationAccuracy: validation.accuracy,
    validationAuc: validation.auc
  }))
})

/** Means over the runs of one number of frozen blocks, each at its kept epoch. */
export const frozenLayersRow = (frozenLayers: number, models: ReadonlyArray<Model>): FrozenLayersRow => {
  const kept = models.flatMap(({ history, bestEpoch }) => history.find(({ epoch }) => epoch === bestEpoch) ?? [])
  const mean = (value: (epoch: Model["history"][number]) => number) =>
    kept.reduce((sum, epoch) => sum + value(epoch), 0) / kept.length
  return {
    frozenLayers,
    trainLoss: mean(({ train }) => train.loss),
    trainAccuracy: mean(({ train }) => train.accuracy),
    validationLoss: mean(({ validation }) => validation.loss),
    validationAccuracy: mean(({ validation }) => validation.accuracy)
  }
}

const countsOf = (rows: ReadonlyArray<Row>, split: SplitName, origin: Row["origin"]): DataSummary["counts"] =>
  classNames.map((name, label) => ({
    split,
    class: name,
    origin,
    images: rows.filter((row) => row.label === label).length
  }))

const byReason = (left: ReadonlyArray<{ readonly reason: string }>): DataSummary["excluded"] => {
  const counts = new Map<string, number>()
  for (const { reason } of left) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, images]) => ({ reason, images }))
}

export const dataSummary = (
  description: string,
  real: Dataset,
  synthetic: Dataset | undefined,
  split: Split
): DataSummary => {
  const placed = splitOf(split)
  const rowsOf = (part: SplitName) => real.rows.filter(({ id }) => placed.get(id) === part)
  return {
    description,
    counts: [
      ...parts.flatMap((part) => countsOf(rowsOf(part), part, "real")),
      ...(synthetic === undefined ? [] : countsOf(synthetic.rows, "train", "synthetic"))
    ],
    groups: parts.map((part) => ({ split: part, groups: new Set(rowsOf(part).map(({ group }) => group)).size })),
    excluded: byReason([
      ...real.unreadable,
      ...real.excluded,
      ...(synthetic?.unreadable ?? []),
      ...(synthetic?.excluded ?? [])
    ])
  }
}
