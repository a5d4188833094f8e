/** Brings the predictions of all arms and seeds into one order of rows, by id, so that they are paired. */
import type { Arm } from "./check-comparison.ts"
import type { Label } from "./types.ts"

export interface AlignedArm {
  readonly arm: Arm
  /** One column of n logits and one threshold a seed, in ascending order of seed. */
  readonly seeds: ReadonlyArray<number>
  readonly logits: ReadonlyArray<ReadonlyArray<number>>
  readonly thresholds: ReadonlyArray<number>
}

export interface Aligned {
  readonly label: ReadonlyArray<Label>
  readonly group: ReadonlyArray<string>
  readonly attributes: Readonly<Record<string, ReadonlyArray<string | null>>>
  readonly arms: ReadonlyArray<AlignedArm>
}

/** The order of rows by id: code units, the same on every machine. */
const orderById = (ids: ReadonlyArray<string>): ReadonlyArray<number> =>
  ids.map((_, row) => row).sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1))

/** Aligns arms that have passed `checkComparison`: the same ids, groups and labels everywhere. */
export const align = (arms: ReadonlyArray<Arm>): Aligned => {
  const first = arms[0]!.runs[0]!.predictions
  const order = orderById(first.id)
  const { attributes = {} } = first
  return {
    label: order.map((row) => first.label[row]!),
    group: order.map((row) => first.group[row]!),
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, column]) => [name, order.map((row) => column[row]!)])
    ),
    arms: arms.map((arm) => {
      const runs = arm.runs.toSorted((a, b) => a.seed - b.seed)
      return {
        arm,
        seeds: runs.map((run) => run.seed),
        thresholds: runs.map((run) => run.threshold),
        logits: runs.map(({ predictions }) => orderById(predictions.id).map((row) => predictions.logit[row]!))
      }
    })
  }
}

/** The rows of `aligned` that `keep` says. */
export const subset = (aligned: Aligned, keep: (row: number) => boolean): Aligned => {
  const of = <A>(column: ReadonlyArray<A>): ReadonlyArray<A> => column.filter((_, row) => keep(row))
  return {
    label: of(aligned.label),
    group: of(aligned.group),
    attributes: Object.fromEntries(Object.entries(aligned.attributes).map(([name, column]) => [name, of(column)])),
    arms: aligned.arms.map((arm) => ({ ...arm, logits: arm.logits.map(of) }))
  }
}
