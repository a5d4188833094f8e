/** All that is known of one node: its state, every reason, its key record, its last run, where its output lies. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { lastRunOf } from "../dag/last-run.ts"
import { lookup, standing } from "../dag/lookup.ts"
import { inputDigests, type PlannedNode, plan, toJson } from "../dag/plan.ts"
import { compare, type Reason, type Recorded } from "../dag/reason.ts"
import type { AnyNode } from "../dag/stage.ts"
import { Store } from "../store/store.ts"
import type { KeyRecord, Output } from "../store/trace.ts"

export interface Last {
  readonly run: string
  readonly key: string
  readonly record: KeyRecord
  readonly files: Readonly<Record<string, string>>
  /** From its trace; undefined where the trace is no longer in the store. */
  readonly facts: { readonly startedAt: string; readonly seconds: number } | undefined
}

export interface Explanation {
  readonly pipeline: string
  readonly node: string
  readonly stage: string
  readonly state: PlannedNode["state"]
  readonly reasons: ReadonlyArray<Reason>
  /** Input name → node. */
  readonly inputs: ReadonlyMap<string, string>
  /** Today's key record; undefined while an input is not known yet. */
  readonly now:
    | { readonly key: string; readonly record: KeyRecord; readonly files: Readonly<Record<string, string>> }
    | undefined
  readonly last: Last | undefined
  readonly output: (Output & { readonly path: string; readonly present: boolean }) | undefined
}

const lastOf = Effect.fnUntraced(function* (pipeline: string, node: string) {
  const store = yield* Store
  const last = yield* lastRunOf(pipeline, node)
  if (last === undefined) return undefined
  const trace = yield* store.traces.read(last.key)
  return { last, trace }
})

/**
 * How the node as it stands differs from a record of it. Inputs that are not known yet are not compared: that they are not
 * is the last reason.
 */
const differencesFrom = Effect.fnUntraced(function* (
  against: Recorded,
  node: AnyNode,
  outputs: ReadonlyMap<string, string>
) {
  const unknown = [...node.inputs].filter(([, input]) => !outputs.has(input.name))
  const isKnown = (name: string) => !unknown.some(([input]) => input === name)
  const known = [...node.inputs].flatMap(([name, { name: input }]) => {
    const digest = outputs.get(input)
    return digest === undefined ? [] : [[name, digest] as const]
  })
  const stands = yield* standing(node, Object.fromEntries(known))
  const inputs = Object.fromEntries(Object.entries(against.record.inputs).filter(([name]) => isKnown(name)))
  const differences = compare({ ...against, record: { ...against.record, inputs } }, stands)
  if (unknown.length === 0) return differences
  const below: Reason = { _tag: "BelowRunning", nodes: [...new Set(unknown.map(([, { name }]) => name))] }
  return [...differences, below]
})

/** `against` is the key record of an earlier run; without it, that of its last few runs which differs least is
 * what it is compared with. */
export const explainNode = Effect.fnUntraced(function* (pipeline: string, node: AnyNode, against?: Recorded) {
  const store = yield* Store
  const planned = yield* plan({ name: pipeline }, [node])
  const own = planned.nodes.find(({ name }) => name === node.name)!
  const outputs = new Map(planned.nodes.flatMap(({ name, output }) => (output === undefined ? [] : [[name, output]])))
  const digests = inputDigests(node, outputs)
  const found = digests === undefined ? undefined : yield* lookup(pipeline, node, digests)
  const reasons = against === undefined ? own.reasons : yield* differencesFrom(against, node, outputs)
  const known = yield* lastOf(pipeline, node.name)
  const output = found?.hit?.output ?? known?.trace?.output
  const size = output === undefined ? undefined : yield* store.blobs.sizeOf(output.digest)
  return {
    pipeline,
    node: node.name,
    stage: node.stage.name,
    state: own.state,
    reasons,
    inputs: new Map([...node.inputs].map(([name, input]) => [name, input.name])),
    now: found === undefined ? undefined : { key: found.key, record: found.record, files: found.files },
    last: known === undefined ? undefined : { ...known.last, facts: known.trace?.facts },
    output:
      output === undefined
        ? undefined
        : { ...output, path: store.blobs.pathOf(output.digest), present: size === output.size }
  } satisfies Explanation
})

/** The form of `explain --json`. */
export const explanationJson = (value: Explanation): Schema.Json => {
  const { nodes } = toJson({
    pipeline: value.pipeline,
    nodes: [{ name: value.node, stage: value.stage, state: value.state, reasons: value.reasons, inputs: [] }]
  }) as { readonly nodes: ReadonlyArray<{ readonly reasons: Schema.Json }> }
  return {
    pipeline: value.pipeline,
    node: value.node,
    stage: value.stage,
    state: value.state,
    reasons: nodes[0]?.reasons ?? [],
    inputs: Object.fromEntries(value.inputs),
    key: value.now?.key ?? null,
    record: value.now?.record ?? null,
    files: value.now?.files ?? null,
    last:
      value.last === undefined
        ? null
        : {
            run: value.last.run,
            key: value.last.key,
            startedAt: value.last.facts?.startedAt ?? null,
            seconds: value.last.facts?.seconds ?? null,
            record: value.last.record,
            files: value.last.files
          },
    output: value.output ?? null
  }
}
