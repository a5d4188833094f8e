/** The nodes of the fixture pipeline under some settings, built and not run. */
import { Schema } from "effect"
import { fixture } from "../../pipelines/fixture.ts"
import type { AnyNode } from "../../src/dag/stage.ts"

export const built = (given: object) => fixture.build(Schema.decodeUnknownSync(fixture.settings)(given))

/** Parameters of every node up to the verdict, by name. */
export const paramsOf = (given: object): Record<string, unknown> => {
  const found: Record<string, unknown> = {}
  const visit = (node: AnyNode): void => {
    if (node.name in found) return
    found[node.name] = node.stage.encodeParams(node.params)
    for (const input of node.inputs.values()) visit(input)
  }
  for (const node of built(given).targets) visit(node)
  return found
}

/** Names of the input nodes of every node, by its name. */
export const inputsOf = (given: object): Record<string, Readonly<Record<string, string>>> => {
  const found: Record<string, Readonly<Record<string, string>>> = {}
  const visit = (node: AnyNode): void => {
    if (node.name in found) return
    found[node.name] = Object.fromEntries([...node.inputs].map(([input, { name }]) => [input, name]))
    for (const input of node.inputs.values()) visit(input)
  }
  for (const node of built(given).targets) visit(node)
  return found
}

/** Names of the nodes that are not in both alike. */
export const differing = (a: Record<string, unknown>, b: Record<string, unknown>): ReadonlyArray<string> =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (node) => JSON.stringify(a[node]) !== JSON.stringify(b[node])
  )
