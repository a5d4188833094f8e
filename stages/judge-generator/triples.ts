/** Synthetic images beside the training image nearest to them and beside a real image, as the report shows them. */
import * as Effect from "effect/Effect"
import type { Row } from "../../src/dataset/dataset.ts"
import type { Pack as Images } from "../../src/image/pack.ts"
import { generator } from "../../src/random/generator.ts"
import type { Triple } from "../../src/report/input.ts"
import type { Features } from "../../src/statistics/generators/features.ts"
import { nearestIn } from "../../src/statistics/generators/neighbours.ts"
import { png } from "../png.ts"

/** Of each class: the pairs nearest to each other, then some that were drawn, so that copies and the rest are both seen. */
const nearestShown = 4
const drawnShown = 4

interface Side {
  readonly rows: ReadonlyArray<Row>
  readonly features: Features
}

const picture = (images: Images, { id, digest }: Row) =>
  Effect.map(png(images.image(images.indexOf(digest)!), images.side), (image) => ({ id, image }))

/** `rows` and `features` go together; no triple where a side is empty. */
export const triplesOf = (
  className: string,
  training: Side,
  synthetic: Side,
  images: Images
): Effect.Effect<ReadonlyArray<Triple>> => {
  if (training.rows.length === 0 || synthetic.rows.length === 0) return Effect.succeed([])
  const { index, distance } = nearestIn(synthetic.features, training.features)
  const all = [...synthetic.rows.keys()]
  const nearest = all.toSorted((a, b) => distance[a]! - distance[b]!).slice(0, nearestShown)
  const random = generator("triples", className)
  const others = random.shuffle(all.filter((at) => !nearest.includes(at))).slice(0, drawnShown)
  const real = random.shuffle(training.rows)
  return Effect.forEach([...nearest, ...others], (at, place) =>
    Effect.gen(function* () {
      return {
        class: className,
        real: yield* picture(images, real[place % real.length]!),
        synthetic: yield* picture(images, synthetic.rows[at]!),
        nearest: { ...(yield* picture(images, training.rows[index[at]!]!)), distance: distance[at]! }
      }
    })
  )
}
