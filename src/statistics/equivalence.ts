/** Tests around a difference and its standard error: equivalence, and the adjustment for several of them. */
import type { Equivalence } from "./comparison-types.ts"
import { studentCdf, studentQuantile } from "./student.ts"

/**
 * Two one-sided tests (Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657): p = max(P(T > (Δ + δ)/se), P(T < (Δ − δ)/se))
 * for the margin δ > 0; p < α just when the 1 − 2α interval lies inside ±δ. `holm` starts as p: `holmAdjust` over arms.
 * Without any variance nothing is shown (p = 1): two models that both rank a small test set perfectly may differ on the
 * next. Only where the predictions themselves are `identical` is p = 0.
 */
export const twoOneSided = (
  { delta, se, degreesOfFreedom }: { readonly delta: number; readonly se: number; readonly degreesOfFreedom: number },
  margin: number,
  { alpha = 0.05, identical = false } = {}
): Equivalence => {
  const reach = se === 0 ? 0 : studentQuantile(1 - alpha, degreesOfFreedom) * se
  const p =
    se === 0
      ? Number(!identical)
      : Math.max(
          1 - studentCdf((delta + margin) / se, degreesOfFreedom),
          studentCdf((delta - margin) / se, degreesOfFreedom)
        )
  return { margin, p, holm: p, low: delta - reach, high: delta + reach, equivalent: p < alpha }
}

/**
 * Holm's adjusted p values (1979, Scand. J. Statist. 6:65), in the order given: the i-th smallest of m becomes
 * max over j ≤ i of min(1, (m − j + 1) p_(j)). A `null` is no test and stays one.
 */
export const holmAdjust = (ps: ReadonlyArray<number | null>): ReadonlyArray<number | null> => {
  const order = ps.flatMap((p, at) => (p === null ? [] : [{ p, at }])).sort((a, b) => a.p - b.p)
  const adjusted: Array<number | null> = ps.map(() => null)
  let highest = 0
  order.forEach(({ p, at }, rank) => {
    highest = Math.max(highest, Math.min(1, (order.length - rank) * p))
    adjusted[at] = highest
  })
  return adjusted
}
