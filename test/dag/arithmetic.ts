/** Three small stages over numbers: enough of a pipeline to ask an engine every question. */
import { Effect, Schema } from "effect"
import * as Artifact from "../../src/dag/artifact.ts"
import * as Stage from "../../src/dag/stage.ts"

export const NumberArtifact = Artifact.json("Number", Schema.Finite)
export const TextArtifact = Artifact.json("Text", Schema.String)

/** How often each node's work was done, and what must fail: a hit is proved by a stage that fails if run. */
export const ledger = { ran: [] as Array<string>, forbidden: new Set<string>() }

export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", { stage: Schema.String }) {
  override get message(): string {
    return `${this.stage} was run, and should not have been`
  }
}

const note = (stage: string) =>
  Effect.suspend(() => {
    ledger.ran.push(stage)
    return ledger.forbidden.has(stage) ? Effect.fail(new Forbidden({ stage })) : Effect.void
  })

export const constant = Stage.make({
  name: "constant",
  module: "test:constant",
  params: Schema.Struct({ value: Schema.Finite, comment: Schema.optionalKey(Schema.String) }),
  inputs: {},
  output: NumberArtifact,
  unkeyed: ["comment"],
  run: ({ params }) => Effect.as(note("constant"), params.value)
})

/** Rounds to `digits` decimals: a small change of its input is cut off here. */
export const round = Stage.make({
  name: "round",
  module: "test:round",
  params: Schema.Struct({ digits: Schema.Int }),
  inputs: { value: Stage.one(NumberArtifact) },
  output: NumberArtifact,
  run: ({ params, inputs }) => Effect.as(note("round"), Number(inputs.value.toFixed(params.digits)))
})

export const sum = Stage.make({
  name: "sum",
  module: "test:sum",
  params: Schema.Struct({}),
  inputs: { terms: Stage.many(NumberArtifact), bonus: Stage.optional(NumberArtifact) },
  output: NumberArtifact,
  run: ({ inputs }) =>
    Effect.as(note("sum"), Object.values(inputs.terms).reduce((a, b) => a + b, 0) + (inputs.bonus ?? 0))
})

export const show = Stage.make({
  name: "show",
  module: "test:show",
  params: Schema.Struct({ label: Schema.String }),
  inputs: { value: Stage.one(NumberArtifact) },
  output: TextArtifact,
  run: ({ params, inputs }) => Effect.as(note("show"), `${params.label}${inputs.value}`)
})

/** Names what stands above it, without reading any of it. */
export const cite = Stage.make({
  name: "cite",
  module: "test:cite",
  params: Schema.Struct({}),
  inputs: { above: Stage.references },
  output: TextArtifact,
  run: ({ inputs }) =>
    Effect.as(
      note("cite"),
      Object.entries(inputs.above)
        .map(([name, digest]) => `${name} ${digest}`)
        .join("\n")
    )
})
