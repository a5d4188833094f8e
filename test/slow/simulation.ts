/** Simulated test sets whose true AUCs are known in closed form. */
import { generator } from "../../src/random/generator.ts"
import { normalCdf } from "../../src/statistics/normal.ts"
import type { Label } from "../../src/statistics/types.ts"

/** Standard deviations of what makes up the score of an image under one training run of one arm. */
export interface Spread {
  /** Of the patient, shared by all images of it, all arms and all runs. */
  readonly patient: number
  /** Of the image, shared by all arms and all runs. */
  readonly image: number
  /** Of the image under one run: what two runs of the same arm disagree about. */
  readonly residual: number
  /** Of the distance between the classes from run to run. */
  readonly run: number
}

export interface Design extends Spread {
  readonly positives: number
  readonly negatives: number
  /** Images a patient. */
  readonly images: number
  readonly runs: number
}

/** The expected AUC of an arm whose classes lie `distance` apart: Φ(d / √(2 σ² + σ_run²)), over patients and runs. */
export const trueAuc = (distance: number, { patient, image, residual, run }: Spread): number =>
  normalCdf(distance / Math.sqrt(2 * (patient ** 2 + image ** 2 + residual ** 2) + run ** 2))

/** One test set of `positives` and `negatives` patients, and for each distance (an arm) a column of scores a run. */
export const simulate = (design: Design, distances: ReadonlyArray<number>, ...key: ReadonlyArray<string | number>) => {
  const random = generator("simulation", ...key)
  const label: Array<Label> = []
  const group: Array<string> = []
  const latent: Array<number> = []
  for (let patient = 0; patient < design.positives + design.negatives; patient++) {
    const shared = random.normal(0, design.patient)
    for (let image = 0; image < design.images; image++) {
      label.push(patient < design.positives ? 1 : 0)
      group.push(`p${patient}`)
      latent.push(shared + random.normal(0, design.image))
    }
  }
  const arms = distances.map((distance) =>
    Array.from({ length: design.runs }, () => {
      const reach = distance + random.normal(0, design.run)
      return latent.map((z, row) => z + reach * label[row]! + random.normal(0, design.residual))
    })
  )
  return { label, group, arms }
}
