/** Arms that trained on just what the reference did, for the report: in a set of half melanomas the control is such a one. */
import type { Balance } from "../../src/dataset/balance.ts"
import type { Comparison } from "../../src/statistics/comparison-types.ts"

interface Arm {
  readonly arm: string
  readonly frozenLayers?: number
}

/** What training takes of a balance. */
const trained = ({ rows, epochLength, positiveWeight }: Balance): string =>
  JSON.stringify([epochLength, positiveWeight, rows.map(({ digest, label, weight }) => [digest, label, weight])])

export interface SameTraining {
  readonly arm: string
  readonly text: string
}

/** A sentence an arm whose images, draws and frozen blocks are those of the reference, the first of `arms`. */
export const sameTraining = (
  [reference, ...others]: ReadonlyArray<Arm>,
  balances: Readonly<Record<string, Balance>>
): ReadonlyArray<SameTraining> => {
  if (reference === undefined) return []
  const own = trained(balances[reference.arm]!)
  return others
    .filter(({ arm, frozenLayers }) => frozenLayers === reference.frozenLayers && trained(balances[arm]!) === own)
    .map(({ arm }) => ({
      arm,
      text: `"${arm}" trained on the same images as "${reference.arm}", each drawn as often: they are the same networks, and that they do not differ says nothing.`
    }))
}

/** The comparison with that said in the verdict, where the verdict is of such an arm. */
export const qualify = (comparison: Comparison, same: ReadonlyArray<SameTraining>): Comparison => {
  const { verdict } = comparison
  const found = same.find(({ arm }) => arm === verdict.arm)
  if (found === undefined) return comparison
  return { ...comparison, verdict: { ...verdict, sentence: `${verdict.sentence} ${found.text}` } }
}
