/** What happens in a run, as one typed stream: the terminal, the JSON lines, the stored run and the tests read it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Owner } from "../store/leases.ts"
import { CriticalNode } from "../store/runs.ts"
import { Output } from "../store/trace.ts"
import { Reason } from "./reason.ts"
import { StageProgress } from "./services.ts"

const node = Schema.String
/** The digest of its key record. */
const key = Schema.String
const names = Schema.Array(Schema.String)

export const Event = Schema.TaggedUnion({
  RunStarted: { run: Schema.String, pipeline: Schema.String, nodes: names },
  /** `seconds`: what its work took when it was done. */
  NodeHit: { node, key, output: Output, seconds: Schema.Finite },
  /** Another run works on the same key: its result will be taken. */
  NodeWaiting: { node, key, owner: Schema.NullOr(Owner) },
  NodeStarted: { node, key, reasons: Schema.Array(Reason) },
  NodeProgress: { node, progress: StageProgress },
  NodeResumed: { node },
  NodeCheckpointed: { node },
  /** It read files that its key does not know of: a change of them will not run it again. Absolute paths. */
  NodeUndeclaredRead: { node, paths: names },
  NodeFinished: { node, output: Output, seconds: Schema.Finite },
  NodeFailed: { node, error: Schema.String },
  NodeBlocked: { node, below: names },
  RunFinished: {
    executed: names,
    hits: names,
    failed: names,
    outputs: Schema.Record(Schema.String, Schema.String),
    seconds: Schema.Finite,
    verdict: Schema.NullOr(Schema.String),
    report: Schema.NullOr(Schema.String),
    /** Path of the run's Chrome trace. */
    timeline: Schema.NullOr(Schema.String),
    /** The chain of nodes that no number of workers makes shorter, and how long each worked. */
    criticalPath: Schema.Array(CriticalNode)
  }
})
export type Event = typeof Event.Type
export type RunFinished = Extract<Event, { readonly _tag: "RunFinished" }>

/** Where events go. */
export class Events extends Context.Service<Events, { readonly emit: (event: Event) => Effect.Effect<void> }>()(
  "dermograph/Events"
) {
  static readonly layer = (emit: (event: Event) => void): Layer.Layer<Events> =>
    Layer.succeed(Events, { emit: (event) => Effect.sync(() => emit(event)) })
}
