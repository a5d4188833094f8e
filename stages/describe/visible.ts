/** What the planned test set could show, said before anything is trained, from figures that are assumed. */
import type { Audit } from "../../src/dataset/audit.ts"
import { minimalDetectable } from "../../src/statistics/detectable.ts"

/** Both arms' AUC, and the correlation of the two on the same test images. The report has them as they were found. */
const assumed = { auc: 0.85, correlation: 0.8 }

export interface Visible {
  readonly delta: number
  readonly assumed: typeof assumed
  readonly text: string
}

/** Null where the test set lacks a class. */
export const visibleEffect = ({ melanoma, benign }: Audit["counts"]["test"]): Visible | null => {
  if (melanoma === 0 || benign === 0) return null
  const { delta, sentence } = minimalDetectable({ ...assumed, positives: melanoma, negatives: benign })
  return {
    delta,
    assumed,
    text: `${sentence} Assumed: both AUCs near ${assumed.auc}, correlated by ${assumed.correlation}; several images a patient make it more.`
  }
}
