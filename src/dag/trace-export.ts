/**
 * A run as a trace of times: Chrome's trace event format (open it in Perfetto or chrome://tracing) with the critical path
 * marked, and OpenTelemetry spans. Both are made from the events of the run and when they came.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { Event } from "./events.ts"
import type { AnyNode } from "./stage.ts"

/** An event and when it came, in milliseconds since 1970. */
export interface Timed {
  readonly at: number
  readonly event: Event
}

/** One node's work: from its start to its end, in milliseconds since 1970. */
export interface Work {
  readonly node: string
  readonly from: number
  readonly to: number
  readonly outcome: "finished" | "failed" | "interrupted"
}

/** The work done in a run, in order of its start. What was cut off ends with the last event. */
export const workOf = (events: ReadonlyArray<Timed>): ReadonlyArray<Work> => {
  const started = new Map<string, number>()
  const done: Array<Work> = []
  const end = (node: string, to: number, outcome: Work["outcome"]) => {
    const from = started.get(node)
    if (from !== undefined) done.push({ node, from, to, outcome })
    started.delete(node)
  }
  for (const { at, event } of events) {
    if (event._tag === "NodeStarted") started.set(event.node, at)
    else if (event._tag === "NodeFinished") end(event.node, at, "finished")
    else if (event._tag === "NodeFailed") end(event.node, at, "failed")
  }
  for (const node of [...started.keys()]) end(node, events.at(-1)?.at ?? 0, "interrupted")
  return done.sort((a, b) => a.from - b.from)
}

/** The chain of nodes, each an input of the next, whose work took longest: no number of workers makes the run shorter. */
export const criticalPath = (nodes: ReadonlyArray<AnyNode>, work: ReadonlyArray<Work>): ReadonlyArray<string> => {
  if (work.length === 0) return []
  const took = new Map(work.map(({ node, from, to }) => [node, to - from]))
  const longest = new Map<string, { readonly length: number; readonly before: string | undefined }>()
  let last: string | undefined
  // Every node comes after its inputs.
  for (const { name, inputs } of nodes) {
    let length = 0
    let before: string | undefined
    for (const input of inputs.values()) {
      const above = longest.get(input.name)?.length ?? 0
      if (above > length) [length, before] = [above, input.name]
    }
    longest.set(name, { length: length + (took.get(name) ?? 0), before })
    if (longest.get(name)!.length > (last === undefined ? 0 : longest.get(last)!.length)) last = name
  }
  const path: Array<string> = []
  for (let name = last; name !== undefined; name = longest.get(name)?.before) if (took.has(name)) path.unshift(name)
  return path
}

/** The lowest lane that is free for each piece of work: side by side where stages worked side by side. */
const lanesOf = (work: ReadonlyArray<Work>): ReadonlyArray<number> => {
  const busyUntil: Array<number> = []
  return work.map(({ from, to }) => {
    const free = busyUntil.findIndex((until) => until <= from)
    const lane = free === -1 ? busyUntil.length : free
    busyUntil[lane] = to
    return lane
  })
}

/** Chrome's trace event format as JSON text. `nodes`: all of the pipeline, every one after its inputs. */
export const chromeTrace = (nodes: ReadonlyArray<AnyNode>, events: ReadonlyArray<Timed>): string => {
  const work = workOf(events)
  const lanes = lanesOf(work)
  const path = criticalPath(nodes, work)
  const start = events[0]?.at ?? 0
  const time = (at: number) => Math.round((at - start) * 1000)
  const critical = new Set(path)
  const spans = work.map(({ node, from, to, outcome }, at) => ({
    name: node,
    cat: critical.has(node) ? "stage,critical" : "stage",
    ph: "X",
    ts: time(from),
    dur: time(to) - time(from),
    pid: 1,
    tid: lanes[at]! + 1,
    ...(critical.has(node) ? { cname: "terrible" } : {}),
    args: { outcome, critical: critical.has(node) }
  }))
  const instants = events.flatMap(({ at, event }) =>
    event._tag === "NodeCheckpointed" || event._tag === "NodeWaiting"
      ? [{ name: `${event._tag} ${event.node}`, cat: "event", ph: "i", s: "p", ts: time(at), pid: 1, tid: 0 }]
      : []
  )
  return JSON.stringify({
    displayTimeUnit: "ms",
    otherData: { criticalPath: path, hits: events.filter(({ event }) => event._tag === "NodeHit").length },
    traceEvents: [...spans, ...instants]
  })
}

const nanoseconds = (at: number): bigint => BigInt(Math.round(at * 1000)) * 1000n

/** Gives the run and each node's work to the current tracer, as spans of the times at which they were. */
export const recordSpans = Effect.fnUntraced(function* (nodes: ReadonlyArray<AnyNode>, events: ReadonlyArray<Timed>) {
  const first = events[0]
  const last = events.at(-1)
  if (first === undefined || last === undefined) return
  const tracer = yield* Effect.tracer
  const work = workOf(events)
  const path = criticalPath(nodes, work)
  const open = (name: string, from: number, parent: Option.Option<Tracer.AnySpan>): Tracer.Span =>
    tracer.span({
      name,
      parent,
      annotations: Context.empty(),
      links: [],
      startTime: nanoseconds(from),
      kind: "internal",
      root: Option.isNone(parent),
      sampled: true
    })
  const started = first.event._tag === "RunStarted" ? first.event : undefined
  const whole = open(`run ${started?.pipeline ?? ""}`.trim(), first.at, Option.none())
  whole.attribute("dermograph.run", started?.run ?? "")
  whole.attribute("dermograph.hits", events.filter(({ event }) => event._tag === "NodeHit").length)
  for (const { node, from, to, outcome } of work) {
    const span = open(node, from, Option.some(whole))
    span.attribute("dermograph.outcome", outcome)
    span.attribute("dermograph.critical", path.includes(node))
    span.end(nanoseconds(to), outcome === "finished" ? Exit.void : Exit.fail(outcome))
  }
  whole.end(nanoseconds(last.at), work.every(({ outcome }) => outcome === "finished") ? Exit.void : Exit.fail("failed"))
})

/**
 * Exports spans by OTLP (JSON over HTTP) to `endpoint`, the value of OTEL_EXPORTER_OTLP_ENDPOINT, through Effect's own
 * exporter; flushed when the layer's scope closes. Loaded only when it is used.
 */
export const otlp = (
  endpoint: string,
  version: string,
  headers: Readonly<Record<string, string>> = {}
): Layer.Layer<never> =>
  Layer.unwrap(
    Effect.promise(async () => {
      const [OtlpTracer, OtlpSerialization, FetchHttpClient] = await Promise.all([
        import("effect/observability/OtlpTracer"),
        import("effect/observability/OtlpSerialization"),
        import("effect/http/FetchHttpClient")
      ])
      return OtlpTracer.layer({
        url: `${endpoint.replace(/\/+$/u, "")}/v1/traces`,
        headers,
        resource: { serviceName: "dermograph", serviceVersion: version }
      }).pipe(Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer]))
    })
  )
