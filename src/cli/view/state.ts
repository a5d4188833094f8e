/** What a run looks like at one moment: the events so far, folded into one value per node. */
import type { Event } from "../../dag/events.ts"
import type { Reason } from "../../dag/reason.ts"
import type { StageProgress } from "../../dag/services.ts"
import type { Output } from "../../store/trace.ts"
import { type Tree, treeOf } from "./tree.ts"

export type Status = "waiting" | "hit" | "running" | "done" | "failed" | "blocked"

/** A progress report and when it came, in milliseconds. */
export interface Sample {
  readonly at: number
  readonly completed: number
}

export interface NodeView {
  readonly name: string
  readonly status: Status
  readonly reasons: ReadonlyArray<Reason>
  /** Milliseconds. */
  readonly startedAt?: number
  readonly seconds?: number
  readonly progress?: StageProgress
  /** First and latest report in this unit: what the rate is taken from. */
  readonly first?: Sample
  readonly latest?: Sample
  /** The figures of the latest round that is over. */
  readonly results?: NonNullable<StageProgress["results"]>
  /** The latest values of each metric, and of each figure of the results by `figureName`, oldest first. */
  readonly history: Readonly<Record<string, ReadonlyArray<number>>>
  readonly resumed: boolean
  readonly checkpoints: number
  /** Digest of its key record. */
  readonly key?: string
  readonly output?: Output
  /** Seconds that a reused output took when it was made. */
  readonly saved?: number
  readonly error?: string
  /** Files that it read without declaring them. */
  readonly undeclared?: ReadonlyArray<string>
  /** Another run works on the same key; who it is, where that can be told. */
  readonly awaits?: string
}

export interface RunView {
  readonly run: string
  readonly pipeline: string
  /** Milliseconds. */
  readonly startedAt: number
  readonly nodes: Array<NodeView>
  /** Node → its place in `nodes`. */
  readonly places: ReadonlyMap<string, number>
  /** Node → the nodes that it takes. */
  readonly inputs: Inputs
  /** How the nodes are drawn. */
  readonly tree: Tree
  /** Bytes that the run holds, where that was looked at. */
  readonly memory?: number
  /** How long it may still take, or how much there is to do, in words. */
  readonly left?: string
  /** It was asked to end, and waits for what is begun. */
  readonly ending?: boolean
}

export type Inputs = ReadonlyMap<string, ReadonlyArray<string>>

const kept = 40

export const figureName = (group: string, name: string): string => `${group} ${name}`

export const initialView = (
  pipeline: string,
  nodes: ReadonlyArray<string>,
  now: number,
  inputs: Inputs = new Map()
): RunView => ({
  run: "",
  pipeline,
  startedAt: now,
  nodes: nodes.map((name) => ({ name, status: "waiting", reasons: [], history: {}, resumed: false, checkpoints: 0 })),
  places: new Map(nodes.map((name, at) => [name, at])),
  inputs,
  tree: treeOf(nodes, inputs)
})

const progressed = (node: NodeView, progress: StageProgress, now: number): NodeView => {
  const latest = { at: now, completed: progress.completed }
  // Another unit, or a count that fell, is another piece of work: its rate begins anew.
  const same = node.progress?.unit === progress.unit && (node.latest?.completed ?? 0) <= progress.completed
  const history = { ...node.history }
  const moved = !same || node.latest?.completed !== progress.completed
  for (const [name, value] of Object.entries(progress.metrics ?? {})) {
    const values = history[name] ?? []
    history[name] = [...(moved ? values : values.slice(0, -1)), value].slice(-kept)
  }
  for (const [group, figures] of Object.entries(progress.results ?? {})) {
    for (const [name, value] of Object.entries(figures)) {
      const key = figureName(group, name)
      history[key] = [...(history[key] ?? []), value].slice(-kept)
    }
  }
  return {
    ...node,
    progress,
    ...(progress.results === undefined ? {} : { results: progress.results }),
    first: same && node.first !== undefined ? node.first : latest,
    latest,
    history
  }
}

const update = (view: RunView, name: string, change: (node: NodeView) => NodeView): RunView => {
  const place = view.places.get(name)
  const node = place === undefined ? undefined : view.nodes[place]
  if (place !== undefined && node !== undefined) view.nodes[place] = change(node)
  return view
}

export const nodeOf = (view: RunView, name: string): NodeView | undefined => {
  const place = view.places.get(name)
  return place === undefined ? undefined : view.nodes[place]
}

/**
 * The view after one event that came at `now`, in milliseconds. Its list of nodes is changed in place: a copy of ten
 * thousand for each of ten thousand hits would cost more than the hits.
 */
export const advance = (view: RunView, event: Event, now: number): RunView => {
  switch (event._tag) {
    case "RunStarted":
      return { ...view, run: event.run }
    case "NodeHit":
      return update(view, event.node, (node) => ({
        ...node,
        status: "hit",
        key: event.key,
        output: event.output,
        saved: event.seconds
      }))
    case "NodeWaiting": {
      const { owner } = event
      const awaits =
        owner === null
          ? "another run"
          : owner.run === view.run
            ? "a stage of this run that does the very same work"
            : `run ${owner.run} (${owner.host}, process ${owner.pid})`
      return update(view, event.node, (node) => ({ ...node, key: event.key, awaits }))
    }
    case "NodeStarted":
      return update(view, event.node, (node) => ({
        ...node,
        status: "running",
        key: event.key,
        startedAt: now,
        reasons: event.reasons
      }))
    case "NodeProgress":
      return update(view, event.node, (node) => progressed(node, event.progress, now))
    case "NodeResumed":
      return update(view, event.node, (node) => ({ ...node, resumed: true }))
    case "NodeCheckpointed":
      return update(view, event.node, (node) => ({ ...node, checkpoints: node.checkpoints + 1 }))
    case "NodeUndeclaredRead":
      return update(view, event.node, (node) => ({ ...node, undeclared: event.paths }))
    case "NodeFinished":
      return update(view, event.node, (node) => ({
        ...node,
        status: "done",
        seconds: event.seconds,
        output: event.output
      }))
    case "NodeFailed":
      return update(view, event.node, (node) => ({ ...node, status: "failed", error: event.error }))
    case "NodeBlocked":
      return update(view, event.node, (node) => ({ ...node, status: "blocked" }))
    case "RunFinished":
      return view
  }
}

export interface Pace {
  /** Units a second. */
  readonly rate: number
  /** Seconds left at that rate. */
  readonly left: number
}

/** The rate over the reports so far; undefined until there are two of them. */
export const paceOf = (node: NodeView, now: number): Pace | undefined => {
  const { first, latest, progress } = node
  if (first === undefined || latest === undefined || progress === undefined) return undefined
  const done = latest.completed - first.completed
  const seconds = (latest.at - first.at) / 1000
  if (done <= 0 || seconds <= 0) return undefined
  const rate = done / seconds
  const waited = Math.max(0, now - latest.at) / 1000
  return { rate, left: Math.max(0, (progress.total - latest.completed) / rate - waited) }
}

/**
 * What a waiting node waits for: inputs that are being made, else those that are not there yet. Empty where all are there:
 * it waits for its turn.
 */
export const awaitedBy = (view: RunView, name: string): ReadonlyArray<string> => {
  const missing = (view.inputs.get(name) ?? []).filter((input) => {
    const status = nodeOf(view, input)?.status
    return status !== undefined && status !== "hit" && status !== "done"
  })
  const running = missing.filter((input) => nodeOf(view, input)?.status === "running")
  return running.length > 0 ? running : missing
}

export const countOf = (view: RunView, ...statuses: ReadonlyArray<Status>): number =>
  view.nodes.filter((node) => statuses.includes(node.status)).length
