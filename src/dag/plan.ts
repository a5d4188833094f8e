/** The plan: what a run would do, as data. The printed form and the JSON are views of it. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Standing } from "../store/checkpoints.ts"
import { Store } from "../store/store.ts"
import { trajectoryOf } from "./key.ts"
import { lookup } from "./lookup.ts"
import { nodesOf, type Pipeline } from "./pipeline.ts"
import { describe, Reason } from "./reason.ts"
import { fates, type Selection } from "./select.ts"
import type { AnyNode } from "./stage.ts"

export interface PlannedNode {
  readonly name: string
  readonly stage: string
  /** `unknown`: below a node that will run; it is a hit if what is made above is as before (early cutoff). */
  readonly state: "hit" | "run" | "unknown" | "blocked"
  readonly reasons: ReadonlyArray<Reason>
  readonly inputs: ReadonlyArray<string>
  /** Digest of the output of a hit. */
  readonly output?: string
  /** What the work of a hit took, in seconds. */
  readonly seconds?: number
  /** How far the checkpoint is that it goes on from. */
  readonly resumes?: Standing
}

export interface Plan {
  readonly pipeline: string
  readonly nodes: ReadonlyArray<PlannedNode>
}

/** The digests of a node's inputs, or undefined where one is not known yet. */
export const inputDigests = (
  node: AnyNode,
  outputs: ReadonlyMap<string, string>
): Readonly<Record<string, string>> | undefined => {
  const digests: Record<string, string> = {}
  for (const [name, input] of node.inputs) {
    const digest = outputs.get(input.name)
    if (digest === undefined) return undefined
    digests[name] = digest
  }
  return digests
}

/** What a run under a selection would do with each node. */
export const underSelection = (
  nodes: ReadonlyArray<PlannedNode>,
  selection: Pick<Selection, "selected" | "forced">
): ReadonlyArray<PlannedNode> => {
  const decided = fates(nodes, selection)
  return nodes.map((planned): PlannedNode => {
    const { output, resumes, seconds, ...node } = planned
    const fate = decided.get(node.name)!
    switch (fate._tag) {
      case "Hit":
      case "Run":
        return planned
      case "Forced":
        return { ...node, state: "run", reasons: [{ _tag: "Forced" }] }
      case "Unknown": {
        const moving = node.inputs.filter((input) => decided.get(input)?._tag !== "Hit")
        return { ...node, state: "unknown", reasons: [{ _tag: "BelowRunning", nodes: moving }] }
      }
      case "LeftOut":
        return { ...node, state: "blocked", reasons: [{ _tag: "LeftOut" }] }
      default:
        return { ...node, state: "blocked", reasons: [{ _tag: "BelowLeftOut", nodes: [...fate.by] }] }
    }
  })
}

export const plan = Effect.fnUntraced(function* (
  pipeline: Pick<Pipeline, "name">,
  targets: ReadonlyArray<AnyNode>,
  selection?: Pick<Selection, "selected" | "forced">
) {
  const store = yield* Store
  const outputs = new Map<string, string>()
  const planned: Array<PlannedNode> = []
  for (const node of nodesOf(targets)) {
    const base = {
      name: node.name,
      stage: node.stage.name,
      inputs: [...new Set([...node.inputs.values()].map((input) => input.name))]
    }
    const inputs = inputDigests(node, outputs)
    if (inputs === undefined) {
      const nodes = base.inputs.filter((name) => !outputs.has(name))
      planned.push({ ...base, state: "unknown", reasons: [{ _tag: "BelowRunning", nodes }] })
      continue
    }
    const found = yield* lookup(pipeline.name, node, inputs)
    if (found.hit === undefined) {
      const resumes = yield* store.checkpoints.standing(trajectoryOf(node, found.record))
      const left = resumes === undefined ? {} : { resumes }
      planned.push({ ...base, state: "run", reasons: found.reasons, ...left })
    } else {
      const { output, facts } = found.hit
      outputs.set(node.name, output.digest)
      planned.push({ ...base, state: "hit", reasons: [], output: output.digest, seconds: facts.seconds })
    }
  }
  const nodes = selection === undefined ? planned : underSelection(planned, selection)
  return { pipeline: pipeline.name, nodes } satisfies Plan
})

/** The form of `plan --json`, which stays. */
export const toJson = (value: Plan) => ({
  pipeline: value.pipeline,
  nodes: value.nodes.map(({ name, stage, state, reasons, inputs, output, resumes }) => ({
    name,
    stage,
    state,
    reasons: reasons.map((reason) => ({ ...encodeReason(reason), text: describe(reason) })),
    inputs,
    output: output ?? null,
    resumes: resumes ?? null
  }))
})

const encodeReason = (reason: Reason): Readonly<Record<string, Schema.Json>> =>
  Schema.encodeSync(Reason)(reason) as Readonly<Record<string, Schema.Json>>
