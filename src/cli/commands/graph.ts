/** `graph`: the pipeline's nodes and arrows, coloured by what a run would do. */
import * as Effect from "effect/Effect"
import type { Plan, PlannedNode } from "../../dag/plan.ts"
import type { Choice } from "../project.ts"
import { print, printJson } from "../text/terminal.ts"
import { planOf } from "./plan.ts"

export interface GraphFlags extends Choice {
  readonly json: boolean
  readonly dot: boolean
}

type State = PlannedNode["state"]

/** Fill, border and text; readable in a light and a dark page. */
const colours: Record<State, readonly [fill: string, border: string]> = {
  hit: ["#d9f2df", "#2e7d46"],
  run: ["#d3e8fb", "#1f6fb2"],
  unknown: ["#fbf0cf", "#a97c00"],
  blocked: ["#f8d9d6", "#b3372b"]
}

/** Mermaid labels: quotes and the characters that its parser takes for its own, as entities. */
const mermaidText = (text: string): string => text.replace(/["#<>&]/gu, (found) => `#${found.charCodeAt(0)};`)

/** A Mermaid flowchart. */
export const toMermaid = (plan: Plan): string => {
  const ids = new Map(plan.nodes.map((node, at) => [node.name, `n${at}`]))
  const states = [...new Set(plan.nodes.map((node) => node.state))]
  return [
    "flowchart LR",
    ...plan.nodes.map((node) => `  ${ids.get(node.name)}["${mermaidText(node.name)}"]:::${node.state}`),
    ...plan.nodes.flatMap((node) => node.inputs.map((input) => `  ${ids.get(input)} --> ${ids.get(node.name)}`)),
    ...states.map((state) => `  classDef ${state} fill:${colours[state][0]},stroke:${colours[state][1]},color:#1b1b1b`)
  ].join("\n")
}

/** A Graphviz graph. */
export const toDot = (plan: Plan): string =>
  [
    `digraph ${JSON.stringify(plan.pipeline)} {`,
    "  rankdir=LR",
    '  node [shape=box, style="rounded,filled", fontname="sans-serif"]',
    ...plan.nodes.map(({ name, state }) => {
      const [fill, border] = colours[state]
      return `  ${JSON.stringify(name)} [fillcolor="${fill}", color="${border}", tooltip="${state}"]`
    }),
    ...plan.nodes.flatMap(({ name, inputs }) =>
      inputs.map((input) => `  ${JSON.stringify(input)} -> ${JSON.stringify(name)}`)
    ),
    "}"
  ].join("\n")

export const graph = Effect.fnUntraced(function* (flags: GraphFlags) {
  const { planned } = yield* planOf(flags)
  if (flags.json) {
    const nodes = planned.nodes.map(({ name, stage, state, inputs }) => ({ name, stage, state, inputs }))
    return printJson({ pipeline: planned.pipeline, nodes })
  }
  print(flags.dot ? toDot(planned) : toMermaid(planned))
})
