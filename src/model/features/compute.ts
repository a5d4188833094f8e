/**
 * Outputs of the frozen part of a network (the trunk). Under fixed batch-norm statistics they are a pure function of
 * each view of each image: computed once, image after image, in bounded memory.
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { layersOf, through } from "../architecture/forward.ts"
import { inferenceMode } from "../architecture/modes.ts"
import { type NetworkPlan, type NetworkSettings, networkPlan } from "../architecture/network.ts"
import { type Draw, type ImageSource, inputBatch } from "../data.ts"
import type { WeightFileError } from "../errors.ts"
import { breathe } from "../predict.ts"
import * as tf from "../tf.ts"
import { createModel, disposeModel, type Model, weightsOf } from "../training/step.ts"
import { initialValues, type Pretrained } from "../weights/pretrained.ts"
import { withStatistics } from "../weights/statistics.ts"
import type { Values } from "../weights/values.ts"

export interface TrunkOptions extends NetworkSettings {
  readonly seed: number
  /** How many of the network's first layers to go through (see training/freezing.ts). */
  readonly depth: number
  /** Views computed at once. */
  readonly batchSize: number
}

/** Features of all views of an image: (views, height, width, channels). */
export interface ImageFeatures {
  readonly shape: readonly [number, number, number]
  readonly numbers: Float32Array
}

/** What was computed before, by the caller's name of an image and the trunk's digest. */
export interface FeatureCache<E> {
  readonly get: (row: number, trunk: string) => Effect.Effect<ImageFeatures | undefined, E>
  readonly put: (row: number, trunk: string, features: ImageFeatures) => Effect.Effect<void, E>
}

export interface FeatureProgress {
  readonly done: number
  readonly total: number
  /** Of `done`, those found in the cache; `begun`: those that went on from fewer layers found there. */
  readonly cached: number
  readonly begun: number
}

/** SHA-256 of all that decides what the first `depth` layers do. */
const trunkDigest = ({ list, settings }: NetworkPlan, values: Values, depth: number): string => {
  const hash = createHash("sha256").update(JSON.stringify([settings.variant, settings.family, depth]))
  for (const { name, layer } of list) {
    const data = values.get(name)!
    if (layer < depth) hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest("hex")
}

/** Layers [from, to) of some images at once. */
const apply = (model: Model, from: number, to: number, input: tf.Tensor4D): tf.Tensor4D => {
  const mode = inferenceMode(model.plan.properties.epsilon)
  const weights = weightsOf(model)
  const layers = layersOf(model.plan)
    .slice(from, to)
    .map((layer) => (x: tf.Tensor4D) => layer(mode, weights, x))
  return tf.tidy(() => through(layers, input))
}

const viewsOf = (images: ImageSource, row: number): ReadonlyArray<Draw> =>
  Array.from({ length: images.views }, (_, view) => ({ row, view }))

/** An image on its way: its row, and how many layers are behind it. */
interface Begun {
  readonly row: number
  readonly done: number
  readonly features: ImageFeatures | undefined
}

const inputOf = (images: ImageSource, some: ReadonlyArray<Begun>, { properties }: NetworkPlan): tf.Tensor4D => {
  const first = some[0]!.features
  if (first === undefined) {
    const draws = some.flatMap(({ row }) => viewsOf(images, row))
    return inputBatch(images, draws, properties).x
  }
  const all = new Float32Array(some.length * first.numbers.length)
  for (const [at, { features }] of some.entries()) all.set(features!.numbers, at * first.numbers.length)
  return tf.tensor4d(all, [some.length * images.views, ...first.shape])
}

/** Images that have the same layers behind them, brought to `depth`. */
const compute = Effect.fnUntraced(function* (
  model: Model,
  images: ImageSource,
  some: ReadonlyArray<Begun>,
  depth: number
) {
  const x = inputOf(images, some, model.plan)
  const output = apply(model, some[0]!.done, depth, x)
  const shape: ImageFeatures["shape"] = [output.shape[1], output.shape[2], output.shape[3]]
  const numbers = (yield* Effect.promise(() => output.data())) as Float32Array
  const length = numbers.length / some.length
  const parts = some.map(({ row }, at) => ({ row, shape, numbers: numbers.slice(at * length, (at + 1) * length) }))
  tf.dispose([x, output])
  return parts
})

/**
 * The features of every row, in order, as many rows at once as `batchSize` views make. With a cache, what is there is
 * taken, and what is there of fewer layers is gone on from: deeper freezing computes the layers between.
 */
export const trunkFeatures = <E = never>(
  options: TrunkOptions,
  weights: { readonly pretrained: Pretrained; readonly statistics: Uint8Array | undefined },
  images: ImageSource,
  cache?: FeatureCache<E>,
  onProgress: (progress: FeatureProgress) => Effect.Effect<void> = () => Effect.void
): Stream.Stream<ReadonlyArray<ImageFeatures>, WeightFileError | E> =>
  Effect.gen(function* () {
    const plan = networkPlan(options)
    const values = yield* withStatistics(
      plan,
      yield* initialValues(plan, options.seed, weights.pretrained),
      weights.statistics
    )
    const { depth } = options
    const trunks = Array.from({ length: depth + 1 }, (_, done) => trunkDigest(plan, values, done))
    const model = yield* Effect.acquireRelease(
      Effect.sync(() => createModel(plan, values)),
      (model) => Effect.sync(() => disposeModel(model))
    )
    let [done, cached, begun] = [0, 0, 0]

    const find = Effect.fnUntraced(function* (row: number) {
      if (cache === undefined) return { row, done: 0, features: undefined } satisfies Begun
      for (let at = depth; at > 0; at--) {
        const features = yield* cache.get(row, trunks[at]!)
        if (features !== undefined) return { row, done: at, features } satisfies Begun
      }
      return { row, done: 0, features: undefined } satisfies Begun
    })

    const rowsAtOnce = Math.max(1, Math.floor(options.batchSize / images.views))
    const go = Effect.fnUntraced(function* (start: number) {
      const rows = Array.from({ length: Math.min(rowsAtOnce, images.size - start) }, (_, at) => start + at)
      const found = yield* Effect.forEach(rows, find)
      const made = new Map<number, ImageFeatures>()
      for (const behind of new Set(found.map(({ done }) => done))) {
        const some = found.filter(({ done }) => done === behind)
        if (behind === depth) {
          for (const { row, features } of some) made.set(row, features!)
          cached += some.length
          continue
        }
        if (behind > 0) begun += some.length
        for (const { row, ...features } of yield* compute(model, images, some, depth)) {
          made.set(row, features)
          if (cache !== undefined) yield* cache.put(row, trunks[depth]!, features)
        }
      }
      done += rows.length
      yield* onProgress({ done, total: images.size, cached, begun })
      yield* breathe
      return rows.map((row) => made.get(row)!)
    })
    const starts = Array.from({ length: Math.ceil(images.size / rowsAtOnce) }, (_, at) => at * rowsAtOnce)
    return Stream.fromIterable(starts, { chunkSize: 1 }).pipe(Stream.mapEffect(go))
  }).pipe(Stream.unwrap)
