/** All measures of a generator against real images of one class, in one declared feature space. */
import * as Schema from "effect/Schema"
import { Auc } from "../types.ts"
import { type Features, limitRows } from "./features.ts"
import { frechetDistance } from "./frechet.ts"
import { kernelDistance } from "./kernel-distance.ts"
import { manifold } from "./manifold.ts"
import { memorisation } from "./memorisation.ts"
import { realVersusFake } from "./two-sample.ts"

/** `null`: too few images on a side, or (`memorisation`) no held-out real images of the class. */
export const GeneratorQuality = Schema.Struct({
  /** The class, such as "malignant". */
  className: Schema.String,
  /** The network and layer whose outputs are compared, and the resize path: figures of one space do not compare to another's. */
  featureSpace: Schema.String,
  real: Schema.Int,
  synthetic: Schema.Int,
  kid: Schema.NullOr(Schema.Struct({ value: Schema.Finite, se: Schema.Finite })),
  fid: Schema.NullOr(Schema.Struct({ value: Schema.Finite, real: Schema.Int, synthetic: Schema.Int })),
  manifold: Schema.NullOr(
    Schema.Struct({
      k: Schema.Int,
      precision: Schema.Finite,
      recall: Schema.Finite,
      density: Schema.Finite,
      coverage: Schema.Finite
    })
  ),
  /** AUC of a classifier of synthetic against real: on the features, and on the high frequencies of the images. */
  realVersusFake: Schema.Struct({ features: Schema.NullOr(Auc), spectrum: Schema.NullOr(Auc) }),
  memorisation: Schema.NullOr(
    Schema.Struct({
      syntheticDistance: Schema.Finite,
      heldOutDistance: Schema.Finite,
      nearer: Auc,
      authentic: Schema.Finite,
      /** Row in `synthetic` and in `training` as they were given, of the nearest pairs, nearest first. */
      nearest: Schema.Array(Schema.Struct({ synthetic: Schema.Int, training: Schema.Int, distance: Schema.Finite }))
    })
  )
})
export type GeneratorQuality = typeof GeneratorQuality.Type

export interface GeneratorInput {
  readonly className: string
  readonly featureSpace: string
  /** Real training images of the class, and synthetic ones. */
  readonly training: Features
  readonly synthetic: Features
  /** Real images of the class that neither the generator nor the classifier was trained on. */
  readonly heldOut?: Features
  readonly trainingGroups?: ReadonlyArray<string>
  /** `spectrumFeatures` of the same images in the same order. */
  readonly spectra?: { readonly training: Features; readonly synthetic: Features }
  readonly key: ReadonlyArray<string | number>
}

/** Rows a side that are used at most: all costs grow with the square of them (2,000 × 1,536 features: about a minute). */
const MOST = 2000
const NEAREST_KEPT = 24

/** Compares synthetic images of a class with real ones. At most 2,000 rows a side, drawn by `key`. */
export const generatorQuality = (input: GeneratorInput): GeneratorQuality => {
  const { key, spectra } = input
  const training = limitRows(input.training, MOST, [...key, "training"])
  const synthetic = limitRows(input.synthetic, MOST, [...key, "synthetic"])
  const heldOut = input.heldOut && limitRows(input.heldOut, MOST, [...key, "held out"]).features
  const [real, fake] = [training.features, synthetic.features]
  const groups = input.trainingGroups
  const realGroups = groups && training.indices.map((row) => groups[row]!)
  const test = (a: Features, b: Features): Auc | null =>
    realVersusFake({ real: a, synthetic: b, key, ...(realGroups && { realGroups }) })
  const fid = frechetDistance(real, fake)
  const copies = heldOut === undefined ? null : memorisation(real, fake, heldOut)
  return {
    className: input.className,
    featureSpace: input.featureSpace,
    real: real.rows,
    synthetic: fake.rows,
    kid: kernelDistance(real, fake),
    fid: fid === null ? null : { value: fid, real: real.rows, synthetic: fake.rows },
    manifold: manifold(real, fake),
    realVersusFake: {
      features: test(real, fake),
      spectrum:
        spectra === undefined
          ? null
          : test(
              limitRows(spectra.training, MOST, [...key, "training"]).features,
              limitRows(spectra.synthetic, MOST, [...key, "synthetic"]).features
            )
    },
    memorisation: copies && {
      ...copies,
      nearest: copies.nearest
        .map(({ training: row, distance }, at) => ({
          synthetic: synthetic.indices[at]!,
          training: training.indices[row]!,
          distance
        }))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, NEAREST_KEPT)
    }
  }
}
