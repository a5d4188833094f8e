/** What `--json` prints, a Schema a command: docs/json is made of these, and a test decodes the real outputs by them. */
import * as Schema from "effect/Schema"
import { Event } from "../dag/events.ts"
import { Standing } from "../store/checkpoints.ts"
import { RunBook } from "../store/runs.ts"
import { KeyRecord, Output } from "../store/trace.ts"

const Digests = Schema.Record(Schema.String, Schema.String)
const Names = Schema.Array(Schema.String)
const State = Schema.Literals(["hit", "run", "blocked", "unknown"])

/** `_tag` says which kind of reason, `text` says it in words; the other fields depend on the kind. */
const Reason = Schema.StructWithRest(Schema.Struct({ _tag: Schema.String, text: Schema.String }), [
  Schema.Record(Schema.String, Schema.Json)
])

const Node = Schema.Struct({
  name: Schema.String,
  stage: Schema.String,
  state: State,
  reasons: Schema.Array(Reason),
  inputs: Names,
  /** Its digest, where it is known. */
  output: Schema.NullOr(Schema.String),
  /** How far the checkpoint is that it goes on from; null where it begins anew, or does not run. */
  resumes: Schema.NullOr(Standing)
})

/** `data`: what `data --json` says, where that is known without running anything. */
const Plan = Schema.Struct({ pipeline: Schema.String, nodes: Schema.Array(Node), data: Schema.NullOr(Schema.Json) })

const Graph = Schema.Struct({
  pipeline: Schema.String,
  nodes: Schema.Array(Schema.Struct({ name: Schema.String, stage: Schema.String, state: State, inputs: Names }))
})

const Explain = Schema.Struct({
  pipeline: Schema.String,
  node: Schema.String,
  stage: Schema.String,
  state: State,
  reasons: Schema.Array(Reason),
  /** Input name → node. */
  inputs: Digests,
  /** null while an input is not known yet; so are `record` and `files`. */
  key: Schema.NullOr(Schema.String),
  record: Schema.NullOr(KeyRecord),
  files: Schema.NullOr(Digests),
  last: Schema.NullOr(
    Schema.Struct({
      run: Schema.String,
      key: Schema.String,
      startedAt: Schema.NullOr(Schema.String),
      seconds: Schema.NullOr(Schema.Finite),
      record: KeyRecord,
      files: Digests
    })
  ),
  output: Schema.NullOr(Schema.Struct({ ...Output.fields, path: Schema.String, present: Schema.Boolean }))
})

const Seconds = Schema.Struct({ from: Schema.NullOr(Schema.Finite), to: Schema.NullOr(Schema.Finite) })

const Texts = Schema.Struct({ from: Schema.NullOr(Schema.String), to: Schema.NullOr(Schema.String) })

const Diff = Schema.Struct({
  from: Schema.String,
  to: Schema.String,
  settings: Schema.Array(
    Schema.Struct({ path: Schema.String, from: Schema.NullOr(Schema.Json), to: Schema.NullOr(Schema.Json) })
  ),
  nodes: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      change: Schema.Literals(["same", "changed", "added", "removed"]),
      reasons: Schema.Array(Reason),
      outputDiffers: Schema.NullOr(Schema.Boolean),
      seconds: Seconds
    })
  ),
  seconds: Seconds,
  verdict: Texts,
  /** Their paths. */
  report: Texts
})

const Total = Schema.Struct({ count: Schema.Int, bytes: Schema.Int })

const Gc = Schema.Struct({
  dry: Schema.Boolean,
  /** `reports` are never dropped. */
  kept: Schema.Struct({ runs: Schema.Int, blobs: Schema.Int, bytes: Schema.Int, reports: Total }),
  dropped: Schema.Record(Schema.String, Total)
})

const Damage = Schema.Struct({ count: Schema.Int, damaged: Schema.Int })

const StoreCheck = Schema.Struct({
  path: Schema.String,
  sound: Schema.Boolean,
  blobs: Schema.Struct({ count: Schema.Int, bytes: Schema.Int, altered: Schema.Int }),
  traces: Schema.Struct({ count: Schema.Int, damaged: Schema.Int, dangling: Schema.Int }),
  checkpoints: Damage,
  runs: Damage,
  aside: Schema.Int
})

const Verify = Schema.Struct({
  pipeline: Schema.String,
  nodes: Schema.Array(
    Schema.Struct({
      node: Schema.String,
      verdict: Schema.Literals(["same", "different", "failed"]),
      stored: Schema.String,
      again: Schema.NullOr(Schema.String),
      error: Schema.NullOr(Schema.String)
    })
  ),
  notInStore: Names
})

const ConfigShow = Schema.Struct({
  pipeline: Schema.String,
  settings: Schema.Array(
    Schema.Struct({
      path: Schema.String,
      value: Schema.NullOr(Schema.Json),
      /** `default`, the flag, or the file. */
      from: Schema.String,
      description: Schema.NullOr(Schema.String)
    })
  )
})

const Doctor = Schema.Struct({
  findings: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      state: Schema.Literals(["good", "absent", "poor", "bad"]),
      detail: Schema.String,
      mend: Schema.optionalKey(Schema.String)
    })
  )
})

/** `data`: what the pipeline says of its data; `files`: the contact sheets. */
const Data = Schema.Struct({ data: Schema.Json, files: Names })

/** Command → what it prints. `run` prints one event a line. */
export const outputs = {
  run: Event,
  data: Data,
  plan: Plan,
  explain: Explain,
  graph: Graph,
  verify: Verify,
  runs: Schema.Struct({ runs: Schema.Array(RunBook) }),
  diff: Diff,
  gc: Gc,
  "store check": StoreCheck,
  "config show": ConfigShow,
  doctor: Doctor
} as const
