import * as Schema from "effect/Schema"
import type { Artifact } from "../../src/dag/artifact.ts"
import type { EpochRecord } from "../../src/model/training/history.ts"
import { frame, unframe } from "./framed.ts"

export interface Model {
  /** safetensors: the best epoch's weights. */
  readonly weights: Uint8Array
  readonly history: ReadonlyArray<EpochRecord>
  readonly bestEpoch: number
  readonly stoppedEarly: boolean
}

const Metrics = /*#__PURE__*/ Schema.Struct({
  loss: Schema.Finite,
  accuracy: Schema.Finite,
  auc: /*#__PURE__*/ Schema.NullOr(Schema.Finite)
})

const Header = /*#__PURE__*/ Schema.Struct({
  history: /*#__PURE__*/ Schema.Array(
    /*#__PURE__*/ Schema.Struct({
      epoch: Schema.Int,
      learningRate: Schema.Finite,
      train: Metrics,
      validation: Metrics
    })
  ),
  bestEpoch: Schema.Int,
  stoppedEarly: Schema.Boolean
})

/** A trained network and how it got there. */
export const Model: Artifact<"Model", Model> = {
  name: "Model",
  encode: ({ weights, ...header }) => frame(Schema.encodeSync(Header)(header), [weights]),
  decode: (bytes) => {
    const { header, body } = unframe(Header, bytes)
    return { ...header, weights: body }
  }
}
