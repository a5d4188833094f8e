/** How the images that two networks are judged on differ: rows that only one has, and rows that both have otherwise. */
import * as Schema from "effect/Schema"
import type { Label } from "./types.ts"

export interface EvaluationRow {
  readonly id: string
  readonly label: Label
  readonly group: string
}

const Names = Schema.Array(Schema.String)

/** Ids: in the second set only, in the first only, and in both with another label or group. */
export const SetDifference = Schema.Struct({ images: Schema.Int, added: Names, missing: Names, other: Names })
export type SetDifference = typeof SetDifference.Type

export const setDifference = (
  first: ReadonlyArray<EvaluationRow>,
  second: ReadonlyArray<EvaluationRow>
): SetDifference => {
  const known = new Map(first.map((row) => [row.id, row]))
  const found = new Set(second.map(({ id }) => id))
  const other = second.filter(({ id, label, group }) => {
    const row = known.get(id)
    return row !== undefined && (row.label !== label || row.group !== group)
  })
  return {
    images: second.length,
    added: second.flatMap(({ id }) => (known.has(id) ? [] : [id])),
    missing: first.flatMap(({ id }) => (found.has(id) ? [] : [id])),
    other: other.map(({ id }) => id)
  }
}

const shown = 5

/** "12 only there (a, b, c, d, e, …)" */
const counted = (rows: ReadonlyArray<string>, what: string): ReadonlyArray<string> =>
  rows.length === 0
    ? []
    : [`${rows.length} ${what} (${rows.slice(0, shown).join(", ")}${rows.length > shown ? ", …" : ""})`]

const differenceText = ({ images, added, missing, other }: SetDifference, first: string): string => {
  const parts = [
    ...counted(added, "only there"),
    ...counted(missing, `only in ${first}`),
    ...counted(other, "with another label or group")
  ]
  return parts.length === 0 ? `the same ${images}` : `${parts.join(", ")}; ${images} in all`
}

/** Evaluations of arms on other images than the first one's. `sets`: those that share a set, with what is other of it. */
export class UnequalEvaluations extends Schema.TaggedError<UnequalEvaluations>()("UnequalEvaluations", {
  first: Schema.String,
  sets: Schema.Array(
    Schema.Struct({ evaluations: Names, nodes: Schema.String, test: SetDifference, validation: SetDifference })
  )
}) {
  override get message(): string {
    const parts = this.sets.flatMap(({ evaluations, nodes, test, validation }) => [
      `    ${evaluations.slice(0, shown).join(", ")}${evaluations.length > shown ? ", …" : ""}: ${nodes}`,
      `      test images: ${differenceText(test, this.first)}`,
      `      validation images: ${differenceText(validation, this.first)}`
    ])
    return [
      `the evaluations of the arms: they differ from ${this.first}`,
      ...parts,
      "  mend: evaluate every arm and seed on the same test images: give them one split, one data set and one pack"
    ].join("\n")
  }
}
