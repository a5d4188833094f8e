/** How long a run may still take, told once that can be known; before that, how much there is to do. */
import type { AnyNode } from "../../dag/stage.ts"
import { clock } from "../text/format.ts"
import { type NodeView, nodeOf, paceOf, type RunView } from "../view/state.ts"
import { expectations, isTelling, type Seconds } from "./expect.ts"
import { makespan } from "./schedule.ts"
import { isLong, sizeOf } from "./size.ts"

export interface Work {
  /** Every node after its inputs. */
  readonly nodes: ReadonlyArray<AnyNode>
  /** How many stages work at the same time. */
  readonly workers: number
  /** Filled in when it is known. */
  readonly earlier: Seconds
}

/** The schedule is drawn anew for every look: not for pipelines of thousands of nodes. */
const mostNodes = 1000

/** What is over in less, in seconds, needs no estimate. */
const leastTold = 5

/** Seconds of the whole of its work, at the pace so far. */
const projected = (node: NodeView, now: number): number | undefined => {
  const pace = paceOf(node, now)
  const { first, startedAt, progress } = node
  if (pace === undefined || first === undefined || startedAt === undefined || progress === undefined) return undefined
  return (first.at - startedAt) / 1000 + progress.total / pace.rate
}

const secondsOf = (view: RunView, take: (node: NodeView) => number | undefined): Seconds =>
  new Map(
    view.nodes.flatMap((node) => {
      const seconds = take(node)
      return seconds === undefined ? [] : [[node.name, seconds] as const]
    })
  )

const isOpen = ({ status }: NodeView): boolean => status === "waiting" || status === "running"

/**
 * Whether any of the long nodes may turn out to be a hit: it ran before with these parameters, and what is above it, which
 * is being made, may be as it was then.
 */
const maySpare = (open: ReadonlyArray<AnyNode>, { earlier }: Work, view: RunView): boolean => {
  const names = new Set(open.map(({ name }) => name))
  return open.some(
    (node) =>
      isLong(node) &&
      earlier.has(node.name) &&
      nodeOf(view, node.name)?.status === "waiting" &&
      [...node.inputs.values()].some(({ name }) => names.has(name))
  )
}

/** "about 2:10:00 left", "at most 2:10:00 left" where some of it may be spared, or "25 × fine-tune, up to 50 epochs each, to come"; undefined where neither can be said. */
export const leftOf = (work: Work, view: RunView, now: number): string | undefined => {
  const { nodes, workers, earlier } = work
  if (nodes.length > mostNodes) return undefined
  const open = nodes.filter(({ name }) => isOpen(nodeOf(view, name)!))
  if (open.length === 0) return undefined
  // A training that went on from a checkpoint did only a part of its work.
  const made = secondsOf(view, (node) =>
    node.status === "done" && !node.resumed
      ? node.seconds
      : node.status === "running"
        ? projected(node, now)
        : undefined
  )
  const before = secondsOf(view, ({ saved }) => saved)
  const expected = expectations(nodes, [made, before], earlier)
  if (!isTelling(open, expected)) {
    const size = sizeOf(open)
    return size === undefined ? undefined : `${size}, to come`
  }
  const tasks = open.map((node) => {
    const seen = nodeOf(view, node.name)!
    const whole = expected(node) ?? 0
    const spent = (now - (seen.startedAt ?? now)) / 1000
    const running = seen.status === "running"
    const seconds = running ? (paceOf(seen, now)?.left ?? Math.max(0, whole - spent)) : whole
    return { name: node.name, inputs: [...node.inputs.values()].map(({ name }) => name), seconds, running }
  })
  const seconds = makespan(tasks, workers)
  if (seconds < leastTold) return undefined
  return `${maySpare(open, work, view) ? "at most" : "about"} ${clock(seconds)} left`
}

/** Looks once a second, and at once when a long node is over: where it was reused, much less is left. */
export const makeLeft = (work: Work): ((view: RunView, now: number) => string | undefined) => {
  const long = work.nodes.filter(isLong)
  let at = 0
  let lookedAt = 0
  let known: string | undefined
  return (view, now) => {
    const open = long.filter(({ name }) => isOpen(nodeOf(view, name)!)).length
    if (now - at >= 1000 || open !== lookedAt) {
      at = now
      lookedAt = open
      known = leftOf(work, view, now)
    }
    return known
  }
}
