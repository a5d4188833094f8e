/** The test images that were called wrong with most confidence, as the network saw them. */
import * as Effect from "effect/Effect"
import type { Row } from "../../src/dataset/dataset.ts"
import type { Pack } from "../../src/image/pack.ts"
import type { Mistake } from "../../src/report/input.ts"
import type { Arm } from "../../src/statistics/check-comparison.ts"
import { sigmoid } from "../../src/statistics/numeric.ts"
import { png } from "./png.ts"

const most = 12

/** Each image once, by the run that has it most wrong: distance of the logit from that run's own threshold. */
const worst = (arms: ReadonlyArray<Arm>) => {
  const found = arms.flatMap(({ arm, runs }) =>
    runs.flatMap(({ seed, threshold, predictions: { id, label, logit } }) =>
      id.flatMap((name, at) => {
        const excess = logit[at]! - threshold
        const wrong = excess >= 0 !== (label[at] === 1)
        return wrong
          ? [{ id: name, arm, seed, label: label[at]!, probability: sigmoid(logit[at]!), by: Math.abs(excess) }]
          : []
      })
    )
  )
  const seen = new Set<string>()
  return found
    .sort((a, b) => b.by - a.by || (a.id < b.id ? -1 : 1))
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .slice(0, most)
}

export const mistakesOf = (
  arms: ReadonlyArray<Arm>,
  rows: ReadonlyArray<Row>,
  pack: Pack
): Effect.Effect<ReadonlyArray<Mistake>> => {
  const digests = new Map(rows.map(({ id, digest }) => [id, digest]))
  return Effect.map(
    Effect.forEach(worst(arms), ({ by: _, ...mistake }) => {
      const position = pack.indexOf(digests.get(mistake.id) ?? "")
      return position === undefined
        ? Effect.succeed([])
        : Effect.map(png(pack.image(position), pack.side), (image) => [{ ...mistake, image }])
    }),
    (found) => found.flat()
  )
}
