/** Random and hand-made data for the tests of this room. */
import * as fc from "fast-check"
import { generator } from "../../src/random/generator.ts"
import type { Label } from "../../src/statistics/types.ts"

/** Labels of both classes with `models` columns of scores full of ties. */
export const tiedScores = (models: number) =>
  fc
    .array(
      fc.record({
        label: fc.constantFrom<Label>(0, 1),
        scores: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: models, maxLength: models })
      }),
      { minLength: 4, maxLength: 40 }
    )
    .map((rows) => ({
      labels: rows.map((row) => row.label),
      columns: Array.from({ length: models }, (_, model) => rows.map((row) => row.scores[model]!))
    }))
    .filter(({ labels }) => labels.filter((y) => y === 1).length >= 2 && labels.filter((y) => y === 0).length >= 2)

/** ψ of DeLong, DeLong & Clarke-Pearson: the definition that the fast form must equal. */
export const kernel = (x: number, y: number): number => (x > y ? 1 : x === y ? 0.5 : 0)

/** DeLong's estimates straight from their definition, in O(m n). */
export const naiveDeLong = (labels: ReadonlyArray<Label>, columns: ReadonlyArray<ReadonlyArray<number>>) => {
  const of = (scores: ReadonlyArray<number>, label: Label) => scores.filter((_, row) => labels[row] === label)
  const average = (values: ReadonlyArray<number>) => values.reduce((a, b) => a + b, 0) / values.length
  const covariance = (a: ReadonlyArray<number>, b: ReadonlyArray<number>) =>
    a.reduce((total, value, i) => total + (value - average(a)) * (b[i]! - average(b)), 0) / (a.length - 1)
  const parts = columns.map((scores) => {
    const [x, y] = [of(scores, 1), of(scores, 0)]
    return {
      auc: average(x.map((xi) => average(y.map((yj) => kernel(xi, yj))))),
      v10: x.map((xi) => average(y.map((yj) => kernel(xi, yj)))),
      v01: y.map((yj) => average(x.map((xi) => kernel(xi, yj))))
    }
  })
  return {
    aucs: parts.map((part) => part.auc),
    covariance: (a: number, b: number) =>
      covariance(parts[a]!.v10, parts[b]!.v10) / parts[a]!.v10.length +
      covariance(parts[a]!.v01, parts[b]!.v01) / parts[a]!.v01.length
  }
}

export interface Cohort {
  readonly label: ReadonlyArray<Label>
  readonly group: ReadonlyArray<string>
  readonly id: ReadonlyArray<string>
  /** A latent difficulty that all models share, by which their errors are correlated. */
  readonly latent: ReadonlyArray<number>
}

/** `patients` patients with one to three images each, a quarter of them positive; images of a patient are alike. */
export const cohort = (patients: number, ...key: ReadonlyArray<string | number>): Cohort => {
  const rows = Array.from({ length: patients }, (_, patient) => {
    const random = generator("cohort", patient, ...key)
    const label: Label = patient % 4 === 0 ? 1 : 0
    const shared = random.normal()
    return Array.from({ length: 1 + random.integer(3) }, (_, image) => ({
      label,
      group: `p${patient}`,
      id: `p${patient}-${image}`,
      latent: label * 1.5 + shared * 0.7 + random.normal() * 0.7
    }))
  }).flat()
  return {
    label: rows.map((row) => row.label),
    group: rows.map((row) => row.group),
    id: rows.map((row) => row.id),
    latent: rows.map((row) => row.latent)
  }
}

/** Logits of one training run: the latent signal with a gain per class, noise of the run's own, and its luck. */
export const logitsOf = (
  { label, latent }: Cohort,
  { gain, noise = 0.5 }: { readonly gain: number; readonly noise?: number },
  ...key: ReadonlyArray<string | number>
): ReadonlyArray<number> => {
  const random = generator("logits", ...key)
  const luck = random.normal(0, 0.05)
  return latent.map((signal, row) => signal + (gain + luck) * label[row]! + random.normal(0, noise) - 1)
}
