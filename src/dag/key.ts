/** From a node and its inputs' digests to its key record, its key and its trajectory. */
import type * as Schema from "effect/Schema"
import { canonicalJson, type Digest, digestOf, digestOfJson } from "../store/digest.ts"
import type { KeyRecord } from "../store/trace.ts"
import type { Identity } from "./code-identity.ts"
import type { AnyNode } from "./stage.ts"

type JsonObject = Readonly<Record<string, Schema.Json>>

const isObject = (value: Schema.Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const without = (params: Schema.Json, names: ReadonlyArray<string>): Schema.Json =>
  isObject(params) ? Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name))) : params

/** The parameters that are part of the key. */
export const paramsOf = (node: AnyNode): Schema.Json =>
  without(node.stage.encodeParams(node.params), node.stage.unkeyed)

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
  params: paramsOf(node),
  inputs,
  sources,
  packages: identity.packages,
  environment: node.stage.environment(node.params)
})

/** The packages of a stage are the same object for all its nodes, and long: their canonical text is made once. */
const texts = new WeakMap<object, string>()

const packagesText = (packages: KeyRecord["packages"]): string => {
  const text = texts.get(packages) ?? canonicalJson(packages)
  texts.set(packages, text)
  return text
}

/** The digest of the record's canonical JSON, put together from that of its parts. */
export const keyOf = (record: KeyRecord): Digest => {
  const { packages, ...rest } = record
  const parts = Object.entries(rest).map(([name, part]) => [name, canonicalJson(part)] as const)
  const text = [...parts, ["packages", packagesText(packages)] as const]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => `${JSON.stringify(name)}:${part}`)
  return digestOf(`{${text.join(",")}}`)
}

/** The key without the parameters that only say how far to go: names the node's checkpoint. */
export const trajectoryOf = (node: AnyNode, record: KeyRecord): Digest =>
  digestOfJson({ ...record, params: without(record.params, node.stage.horizon) })

/** The stage and all that its work is made of, but parameters and inputs: names the results for single items. */
export const recipeOf = ({ stage, code, packages, environment }: KeyRecord): Digest =>
  digestOfJson({ stage, code, packages, environment })
