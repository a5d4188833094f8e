/** `verify [NODE...]`: makes reused outputs again and compares the bytes. Finds what is not deterministic. */
import * as Effect from "effect/Effect"
import type { Event } from "../../dag/events.ts"
import { planning } from "../engine.ts"
import { Ended } from "../errors.ts"
import { findNode } from "../nodes.ts"
import { type Choice, Project, rootOf, storeOf, wire } from "../project.ts"
import { plural } from "../text/format.ts"
import { print, printError, printJson, style } from "../text/terminal.ts"
import { table } from "../text/width.ts"
import { type Verified, verifyNode } from "../verification.ts"

export interface VerifyFlags extends Choice {
  readonly nodes: ReadonlyArray<string>
  readonly concurrency: number
  readonly json: boolean
}

const colours = { same: "green", different: "red", failed: "red" } as const

const render = (verified: ReadonlyArray<Verified>, absent: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...table([
    ...verified.map(({ node, verdict, stored, again }) => [
      style(colours[verdict], verdict),
      node,
      verdict === "different" ? `${stored.slice(0, 12)}, now ${again?.slice(0, 12)}` : ""
    ]),
    ...absent.map((node) => [style("dim", "not in the store"), node, ""])
  ]),
  "",
  `${plural(verified.filter(({ verdict }) => verdict === "same").length, "output")} of ${verified.length} came out the same`
]

export const verify = Effect.fnUntraced(function* (flags: VerifyFlags) {
  const config = yield* Project
  const wired = yield* wire(config, flags)
  const named = yield* Effect.forEach(flags.nodes, (name) => findNode(wired, name))
  const nodes = named.length === 0 ? wired.nodes : named
  const tell = (event: Event) => {
    if (!flags.json && event._tag === "NodeStarted") process.stderr.write(`making ${event.node} again\n`)
  }
  const root = rootOf(config)
  const results = yield* Effect.forEach(nodes, (node) => verifyNode(wired.pipeline.name, root, node, tell), {
    concurrency: flags.concurrency
  }).pipe(Effect.provide(planning(root, storeOf(config, flags))))
  const verified = results.filter((result) => result !== undefined)
  const absent = nodes.filter((_, at) => results[at] === undefined).map(({ name }) => name)
  if (flags.json) printJson({ pipeline: wired.pipeline.name, nodes: verified, notInStore: absent })
  else for (const line of render(verified, absent)) print(line)
  for (const { error } of verified) if (error !== null) printError(error)
  if (verified.some(({ verdict }) => verdict !== "same")) return yield* new Ended({ code: 1 })
})
