/**
 * TensorFlow.js layers-models: a `model.json` with the topology and a manifest of tensors, whose bytes lie one after the
 * other in the shards that it names. What the manifest claims is checked against the bytes that are there.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { WeightFileError } from "../errors.ts"
import type { HostTensor, TensorFile } from "./safetensors.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Manifest = Schema.fromJsonString(
  Schema.Struct({
    modelTopology: Schema.Unknown,
    weightsManifest: Schema.Array(
      Schema.Struct({
        paths: Schema.Array(Schema.String),
        weights: Schema.Array(
          Schema.Struct({
            name: Schema.String,
            shape: Schema.Array(Count),
            dtype: Schema.String,
            quantization: Schema.optionalKey(Schema.Unknown)
          })
        )
      })
    )
  })
)

/** The epsilon of the batch norms, where the topology states one and the same for all. */
const epsilonOf = (topology: unknown): number | undefined => {
  const found = new Set<number>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === "object" && value !== null) {
      const { class_name: kind, config } = value as { class_name?: unknown; config?: { epsilon?: unknown } }
      if (kind === "BatchNormalization" && typeof config?.epsilon === "number") found.add(config.epsilon)
      else Object.values(value).forEach(visit)
    }
  }
  visit(topology)
  return found.size === 1 ? [...found][0] : undefined
}

/** `read` gives the bytes of a file beside model.json, or undefined where there is none. */
export const readLayersModel = <E>(
  model: Uint8Array,
  read: (path: string) => Effect.Effect<Uint8Array | undefined, E>,
  place: string
): Effect.Effect<TensorFile, WeightFileError | E> =>
  Effect.gen(function* () {
    const fail = (message: string, tensor?: string) => new WeightFileError({ tensor, message: `${place}: ${message}` })
    const { modelTopology, weightsManifest } = yield* Schema.decodeUnknownEffect(Manifest)(
      new TextDecoder().decode(model)
    ).pipe(
      Effect.mapError(() => fail("not a layers-model: no modelTopology and weightsManifest. Is it a graph-model?"))
    )
    const tensors = new Map<string, HostTensor>()
    for (const { paths, weights } of weightsManifest) {
      const shards: Array<Uint8Array> = []
      for (const path of paths) {
        const shard = yield* read(path)
        if (!shard) return yield* fail(`the shard "${path}" is not there. Put all shards beside model.json.`)
        shards.push(shard)
      }
      const bytes = Buffer.concat(shards)
      let at = 0
      for (const { name, shape, dtype, quantization } of weights) {
        if (dtype !== "float32" || quantization !== undefined) {
          const kind = quantization === undefined ? dtype : "quantised"
          return yield* fail(`tensor "${name}" is ${kind}, not float32. Convert the model without quantisation.`, name)
        }
        const count = shape.reduce((product, size) => product * size, 1)
        if (at + 4 * count > bytes.length) {
          const claim = `tensor "${name}" of shape [${shape}] is said to lie at ${at}..${at + 4 * count} of ${bytes.length} bytes`
          return yield* fail(`${claim}. A shard is cut short, or the manifest lies: fetch the model again.`, name)
        }
        if (tensors.has(name)) return yield* fail(`tensor "${name}" is there twice.`, name)
        const data = new Float32Array(count)
        new Uint8Array(data.buffer).set(bytes.subarray(at, at + 4 * count))
        tensors.set(name, { shape, data })
        at += 4 * count
      }
      if (at !== bytes.length) {
        const last = weights.at(-1)?.name ?? ""
        return yield* fail(`${bytes.length - at} bytes after the last tensor, "${last}". Fetch the model again.`, last)
      }
    }
    const epsilon = epsilonOf(modelTopology)
    return { tensors, metadata: epsilon === undefined ? {} : { epsilon: String(epsilon) } }
  })
