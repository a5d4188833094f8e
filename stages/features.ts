/**
 * A pack and a frozen trunk → the trunk's outputs, for every view of every image. What was computed of an image stays
 * from run to run: another arm with the same image takes it, and deeper freezing goes on from it.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ItemCache, OutputFile, Progress } from "../src/dag/services.ts"
import * as Stage from "../src/dag/stage.ts"
import { type Pack as OpenPack, openPack } from "../src/image/pack.ts"
import { networkPlan } from "../src/model/architecture/network.ts"
import { type BackendName, backendNames, openBackend } from "../src/model/backends/open.ts"
import { type FeatureCache, type ImageFeatures, trunkFeatures } from "../src/model/features/compute.ts"
import { bytesOf, encodeHead, precisions } from "../src/model/features/pack.ts"
import { freezing } from "../src/model/training/freezing.ts"
import { FineTuneOptions } from "../src/model/training/options.ts"
import { digestOf, digestOfJson } from "../src/store/digest.ts"
import type { StoreError } from "../src/store/error.ts"
import { Features } from "./artifacts/features.ts"
import { Pack } from "./artifacts/pack.ts"
import { Statistics } from "./artifacts/statistics.ts"
import { Weights } from "./artifacts/weights.ts"
import { allOf } from "./rows.ts"

const { variant, family, seed, frozenLayers } = FineTuneOptions.fields

/** An item: height, width and channels (uint32, little endian), then the numbers as float32. */
const encodeItem = ({ shape, numbers }: ImageFeatures): Uint8Array =>
  Buffer.concat([Uint8Array.from(Buffer.from(Uint32Array.from(shape).buffer)), bytesOf("float32", numbers)])

const decodeItem = (bytes: Uint8Array): ImageFeatures => {
  const copy = bytes.slice().buffer
  const [height = 0, width = 0, channels = 0] = new Uint32Array(copy, 0, 3)
  return { shape: [height, width, channels], numbers: new Float32Array(copy, 12) }
}

/** SHA-256 of all views of an image. */
const pixelsOf = (pack: OpenPack, row: number): string =>
  digestOf(Buffer.concat(Array.from({ length: pack.views }, (_, view) => pack.image(row, view))))

/** Features of an image depend on the pixels of its views, the trunk and the backend: nothing else is in the key. */
const imageCache = (pack: OpenPack, backend: BackendName) =>
  Effect.map(ItemCache, (items): FeatureCache<StoreError> => {
    const digests = new Map<number, string>()
    const keyOf = (row: number, trunk: string) => {
      const pixels = digests.get(row) ?? pixelsOf(pack, row)
      digests.set(row, pixels)
      return digestOfJson({ pixels, side: pack.side, views: pack.views, trunk, backend })
    }
    return {
      get: (row, trunk) =>
        Effect.map(items.get(keyOf(row, trunk)), (found) => Option.getOrUndefined(Option.map(found, decodeItem))),
      put: (row, trunk, features) => items.put(keyOf(row, trunk), encodeItem(features))
    }
  })

export const features = Stage.make({
  name: "features",
  module: import.meta.url,
  params: Schema.Struct({
    variant,
    family,
    seed,
    frozenLayers,
    /** float32: training on them is training on the images, to the bit. float16: half the space, rounded. */
    precision: Schema.Literals(precisions),
    backend: Schema.Literals(backendNames)
  }),
  inputs: { pack: Stage.one(Pack), weights: Stage.optional(Weights), statistics: Stage.optional(Statistics) },
  output: Features,
  run: Effect.fnUntraced(function* ({ params, inputs }) {
    const { backend, precision, frozenLayers, ...network } = params
    // Whatever the head is: it lies behind the trunk.
    const settings = { ...network, head: "original" } as const
    const progress = yield* Progress
    const output = yield* OutputFile
    yield* openBackend(backend)
    const pack = yield* openPack(inputs.pack)
    const { depth } = yield* freezing(networkPlan(settings), "inference", frozenLayers)
    const start = (shape: ImageFeatures["shape"]) =>
      encodeHead({ version: 1, precision, shape, done: depth, views: pack.views, keys: pack.keys })
    const rows = trunkFeatures(
      { ...settings, depth, batchSize: 64 },
      { pretrained: inputs.weights, statistics: inputs.statistics },
      allOf(pack),
      yield* imageCache(pack, backend),
      ({ done, total, cached, begun }) =>
        progress.report({ completed: done, total, unit: "images", metrics: { reused: cached, "gone on from": begun } })
    )
    // The shape is known with the first rows, and stands before them.
    let begun = pack.keys.length === 0
    const pieces = Stream.map(rows, (some) => {
      const numbers = some.map((row) => bytesOf(precision, row.numbers))
      const head = begun ? [] : [start(some[0]!.shape)]
      begun = true
      return Buffer.concat([...head, ...numbers])
    })
    return yield* output.write(begun ? Stream.make(start([0, 0, 0])) : pieces)
  })
})
