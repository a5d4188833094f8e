/**
 * A training run at one moment, as bytes: the weights that move, the optimiser's moments, the history, the position in
 * the epoch, and the weights at every improvement, since a run with fewer epochs or less patience ends at one of them.
 * There are no generators to save: every draw is addressed by seed and position.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { TrainingError, type WeightFileError } from "../errors.ts"
import { type HostTensor, readSafetensors, writeSafetensors } from "../weights/safetensors.ts"
import type { Values } from "../weights/values.ts"

const Metrics = Schema.Struct({ loss: Schema.Finite, accuracy: Schema.Finite, auc: Schema.NullOr(Schema.Finite) })
const Position = Schema.Struct({
  version: Schema.Literal(1),
  /** Steps done in the epoch that comes after the history. */
  step: Schema.Int,
  history: Schema.Array(
    Schema.Struct({ epoch: Schema.Int, learningRate: Schema.Finite, train: Metrics, validation: Metrics })
  ),
  /** Steps that every weight has taken. */
  steps: Schema.Record(Schema.String, Schema.Int)
})

export interface TrainingPoint {
  readonly step: number
  readonly history: typeof Position.Type.history
  readonly steps: Readonly<Record<string, number>>
  /** Weights and running statistics that training changes, in memory layout. */
  readonly weights: Values
  readonly first: Values
  readonly second: Values
  /** The moving average of the weights, where one is kept. */
  readonly average: Values
  /** Training logits and labels of the epoch so far. */
  readonly logits: Float32Array
  readonly labels: Float32Array
  /** The moving weights after each epoch that was an improvement. */
  readonly improvements: ReadonlyMap<number, Values>
}

export const encodePoint = (point: TrainingPoint): Uint8Array => {
  const tensors = new Map<string, HostTensor>()
  const put = (name: string, data: Float32Array) => tensors.set(name, { shape: [data.length], data })
  const putAll = (prefix: string, values: Values) => {
    for (const [name, data] of values) put(`${prefix}/${name}`, data)
  }
  putAll("weights", point.weights)
  putAll("first", point.first)
  putAll("second", point.second)
  putAll("average", point.average)
  put("epoch/logits", point.logits)
  put("epoch/labels", point.labels)
  for (const [epoch, values] of point.improvements) putAll(`improvement/${epoch}`, values)
  const { step, history, steps } = point
  return writeSafetensors({ tensors, metadata: { position: JSON.stringify({ version: 1, step, history, steps }) } })
}

export const decodePoint = (bytes: Uint8Array): Effect.Effect<TrainingPoint, TrainingError | WeightFileError> =>
  Effect.gen(function* () {
    const { tensors, metadata } = yield* readSafetensors(bytes, "checkpoint")
    const position = yield* Schema.decodeUnknownEffect(Schema.fromJsonString(Position))(metadata.position).pipe(
      Effect.mapError(
        (error) => new TrainingError({ message: `checkpoint: ${error.message}. Delete it to start anew.` })
      )
    )
    const groups = new Map<string, Map<string, Float32Array>>()
    for (const [path, { data }] of tensors) {
      const cut = path.startsWith("improvement/") ? path.indexOf("/", 12) : path.indexOf("/")
      const prefix = path.slice(0, cut)
      if (!groups.has(prefix)) groups.set(prefix, new Map())
      groups.get(prefix)!.set(path.slice(cut + 1), data)
    }
    const group = (prefix: string): Map<string, Float32Array> => groups.get(prefix) ?? new Map()
    const improvements = [...groups].filter(([prefix]) => prefix.startsWith("improvement/"))
    return {
      step: position.step,
      history: position.history,
      steps: position.steps,
      weights: group("weights"),
      first: group("first"),
      second: group("second"),
      average: group("average"),
      logits: group("epoch").get("logits") ?? new Float32Array(),
      labels: group("epoch").get("labels") ?? new Float32Array(),
      improvements: new Map(improvements.map(([prefix, values]) => [Number(prefix.slice(12)), values]))
    }
  })
