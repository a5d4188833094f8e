/**
 * What "correct" means, executably: after any history of edits, failures, interruptions and damage, an incremental run
 * gives the outputs of a clean build. Random DAGs of small stages; rounding makes early cutoff happen.
 */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import type { Artifact } from "../../src/dag/artifact.ts"
import type { AnyNode, Node } from "../../src/dag/stage.ts"
import { type Generator, generator } from "../../src/random/generator.ts"
import { constant, ledger, round, sum } from "./arithmetic.ts"
import { runIn, temporaryFolder, type World, world } from "./harness.ts"

type NumberNode = Node<Artifact<"Number", number>>

/** A pipeline as numbers, so that it can be edited. */
interface Plan {
  readonly values: Array<number>
  readonly inner: Array<{ readonly kind: "round" | "sum"; digits: number; inputs: Array<number> }>
}

const randomPlan = (draw: Generator): Plan => {
  const values = Array.from({ length: 1 + draw.integer(4) }, () => draw.integer(300) / 100)
  const inner = Array.from({ length: 1 + draw.integer(7) }, (_, index) => ({
    kind: draw.integer(2) === 0 ? ("round" as const) : ("sum" as const),
    digits: draw.integer(3),
    inputs: Array.from({ length: 1 + draw.integer(3) }, () => draw.integer(values.length + index))
  }))
  return { values, inner }
}

const edit = (plan: Plan, draw: Generator): void => {
  const kind = draw.integer(4)
  if (kind <= 1) {
    const at = draw.integer(plan.values.length)
    // Often a change that rounding takes away again.
    plan.values[at] = plan.values[at]! + (kind === 0 ? 0.001 : draw.integer(100) / 100)
    return
  }
  const node = plan.inner[draw.integer(plan.inner.length)]!
  if (kind === 2) node.digits = draw.integer(3)
  else node.inputs[draw.integer(node.inputs.length)] = draw.integer(plan.values.length)
}

const build = (plan: Plan): ReadonlyArray<AnyNode> => {
  const nodes: Array<NumberNode> = plan.values.map((value, at) =>
    constant.node({ label: String(at), params: { value }, inputs: {} })
  )
  for (const [at, { kind, digits, inputs }] of plan.inner.entries()) {
    const above = inputs.map((input) => nodes[input]!)
    nodes.push(
      kind === "round"
        ? round.node({ label: String(at), params: { digits }, inputs: { value: above[0]! } })
        : sum.node({
            label: String(at),
            params: {},
            inputs: { terms: Object.fromEntries(above.map((node, n) => [`t${n}`, node])), bonus: undefined }
          })
    )
  }
  return nodes.slice(-2)
}

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]
  )

/** Cuts, flips or removes one file of the store. */
const damage = (store: string, draw: Generator): void => {
  const files = filesBelow(store).filter((file) => !file.endsWith("/format"))
  if (files.length === 0) return
  const file = files[draw.integer(files.length)]!
  const bytes = readFileSync(file)
  const kind = draw.integer(3)
  if (kind === 0) rmSync(file)
  else if (kind === 1) truncateSync(file, draw.integer(bytes.length + 1))
  else if (bytes.length > 0) {
    bytes[draw.integer(bytes.length)]! ^= 1 << draw.integer(8)
    writeFileSync(file, bytes)
  }
}

const outputsOf = (w: World, targets: ReadonlyArray<AnyNode>) =>
  Effect.map(runIn(w, targets), (result) => ({
    failed: result.failed,
    outputs: Object.fromEntries([...result.outputs].map(([name, output]) => [name, output.digest]))
  }))

/** One random history; returns how often each thing happened, and throws where a result is not a clean build's. */
export const history = Effect.fnUntraced(function* (seed: number) {
  const draw = generator("history", seed)
  const plan = randomPlan(draw)
  const { path: folder, remove } = temporaryFolder()
  const kept = world(join(folder, "kept"))
  const counts = { runs: 0, damages: 0, failures: 0, interruptions: 0, executed: 0, hits: 0 }
  try {
    for (let step = 0; step < 5; step++) {
      if (step > 0) edit(plan, draw)
      const disturbance = draw.integer(4)
      if (disturbance === 1 && step > 0) {
        damage(kept.store, draw)
        counts.damages++
      }
      if (disturbance === 2) {
        ledger.forbidden.add(["round", "sum", "constant"][draw.integer(3)]!)
        yield* runIn(kept, build(plan))
        ledger.forbidden.clear()
        counts.failures++
      }
      if (disturbance === 3) {
        yield* Effect.timeoutOption(runIn(kept, build(plan)), draw.integer(12))
        counts.interruptions++
      }
      const incremental = yield* outputsOf(kept, build(plan))
      counts.executed += kept.events.filter((event) => event._tag === "NodeStarted").length
      counts.hits += kept.events.filter((event) => event._tag === "NodeHit").length
      const clean = yield* outputsOf(world(join(folder, `clean-${step}`)), build(plan))
      counts.runs++
      if (JSON.stringify(incremental) !== JSON.stringify(clean)) {
        throw new Error(
          `history ${seed}, step ${step}: ${JSON.stringify(incremental)} instead of ${JSON.stringify(clean)}`
        )
      }
    }
    return counts
  } finally {
    remove()
  }
})
