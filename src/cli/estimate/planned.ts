/** What a plan says of the size of its work: how much there is, and how long it may take by what the store knows. */
import * as Effect from "effect/Effect"
import type { Plan } from "../../dag/plan.ts"
import type { AnyNode } from "../../dag/stage.ts"
import { duration } from "../text/format.ts"
import { earlierSeconds } from "./earlier.ts"
import { expectations, isTelling } from "./expect.ts"
import { makespan } from "./schedule.ts"
import { isLong, sizeOf } from "./size.ts"

const basis = "by what such stages took before"

/** What is short, in seconds, needs no estimate. */
const leastTold = 60

/** One line, or none where nothing is to run or nothing can be said. `workers`: as many as a run has. */
export const plannedLines = Effect.fnUntraced(function* (plan: Plan, nodes: ReadonlyArray<AnyNode>, workers: number) {
  const planned = new Map(plan.nodes.map((node) => [node.name, node]))
  const open = nodes.filter(({ name }) => ["run", "unknown"].includes(planned.get(name)?.state ?? ""))
  if (open.length === 0) return []
  const size = sizeOf(open)
  const known = new Map(plan.nodes.flatMap(({ name, seconds }) => (seconds === undefined ? [] : [[name, seconds]])))
  const expected = expectations(nodes, [known], yield* earlierSeconds(plan.pipeline, open))
  if (!isTelling(open, expected)) {
    return size === undefined ? [] : [`${size}; how long that takes, \`run\` tells after the first steps`]
  }
  const seconds = makespan(
    open.map((node) => ({
      name: node.name,
      inputs: planned.get(node.name)!.inputs,
      seconds: expected(node) ?? 0,
      running: false
    })),
    workers
  )
  if (size === undefined && seconds < leastTold) return []
  // An unknown node is a hit where what is made above it is as it was: then its time is spared.
  const unsure = open.some(
    (node) => planned.get(node.name)?.state === "unknown" && (size === undefined || isLong(node))
  )
  const time = `${unsure ? "at most" : "about"} ${duration(seconds)}, ${basis}`
  return [size === undefined ? time : `${size}: ${time}`]
})
