/**
 * Synthetic images that show a real one. Where the real image is one of the evaluation, that is a leak; where it stands in
 * train, the generator has memorised it, or a file has got into the wrong folder.
 */
import type { Dataset, Row } from "./dataset.ts"

/** As text: "a = b" for the same picture to the last pixel, "a ~ b" for nearly the same (`Dataset.copies`). */
export interface Copies {
  readonly ofEvaluation: ReadonlyArray<string>
  readonly ofTrain: ReadonlyArray<string>
}

const keysOf = ({ digest, pixelDigest }: Row): ReadonlyArray<string> =>
  pixelDigest === undefined ? [`bytes:${digest}`] : [`bytes:${digest}`, `pixels:${pixelDigest}`]

/** Of the synthetic rows in `added`, those that show a real image: each once, with the worst that it shows. */
export const copiesAmong = (
  { copies }: Pick<Dataset, "copies">,
  added: ReadonlyArray<Row>,
  real: Pick<Dataset, "rows">,
  inTrain: ReadonlySet<string>
): Copies => {
  const equal = new Map<string, Array<string>>()
  for (const row of real.rows) {
    for (const key of keysOf(row)) equal.set(key, [...(equal.get(key) ?? []), row.id])
  }
  const near = new Map<string, Array<string>>()
  for (const [id, shown] of copies) near.set(id, [...(near.get(id) ?? []), shown])

  const ofEvaluation: Array<string> = []
  const ofTrain: Array<string> = []
  for (const row of added) {
    const same = new Set(keysOf(row).flatMap((key) => equal.get(key) ?? []))
    const shown = [
      ...[...same].map((id) => ({ id, text: `${row.id} = ${id}` })),
      ...(near.get(row.id) ?? []).map((id) => ({ id, text: `${row.id} ~ ${id}` }))
    ]
    const outside = shown.find(({ id }) => !inTrain.has(id))
    if (outside !== undefined) ofEvaluation.push(outside.text)
    else if (shown[0] !== undefined) ofTrain.push(shown[0].text)
  }
  return { ofEvaluation, ofTrain }
}
