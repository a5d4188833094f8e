/** From a node and its inputs' digests to its key record, its key and its trajectory. */
import type * as Schema from "effect/Schema"
import { type Digest, digestOfJson } from "../store/digest.ts"
import type { KeyRecord } from "../store/trace.ts"
import type { Identity } from "./code-identity.ts"
import type { AnyNode } from "./stage.ts"

type JsonObject = Readonly<Record<string, Schema.Json>>

const isObject = (value: Schema.Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const without = (params: Schema.Json, names: ReadonlyArray<string>): Schema.Json =>
  isObject(params) ? Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name))) : params

/** Attempt, host, time, thread count and run are never part of it. */
export const keyRecord = (
  node: AnyNode,
  identity: Identity,
  inputs: Readonly<Record<string, Digest>>,
  sources: Readonly<Record<string, Digest>>
): KeyRecord => ({
  format: 1,
  stage: node.stage.name,
  code: identity.code,
  params: without(node.stage.encodeParams(node.params), node.stage.unkeyed),
  inputs,
  sources,
  packages: identity.packages,
  environment: node.stage.environment(node.params)
})

export const keyOf = (record: KeyRecord): Digest => digestOfJson(record)

/** The key without the parameters that only say how far to go: names the node's checkpoint. */
export const trajectoryOf = (node: AnyNode, record: KeyRecord): Digest =>
  digestOfJson({ ...record, params: without(record.params, node.stage.horizon) })

/** The stage and all that its work is made of, but parameters and inputs: names the results for single items. */
export const recipeOf = ({ stage, code, packages, environment }: KeyRecord): Digest =>
  digestOfJson({ stage, code, packages, environment })
