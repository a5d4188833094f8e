/**
 * When what happened in a run: kept while it goes on; written at its end as a Chrome trace (open it in Perfetto) into
 * `timelines/` of the store, and sent by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT names a server.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { Event } from "../dag/events.ts"
import type { AnyNode } from "../dag/stage.ts"
import { chromeTrace, criticalPath, otlp, recordSpans, type Timed, workOf } from "../dag/trace-export.ts"
import type { StoreError } from "../store/error.ts"
import { writeAtomic } from "../store/files.ts"
import type { CriticalNode } from "../store/runs.ts"
import { Store } from "../store/store.ts"
import { printWarning } from "./text/terminal.ts"
import { version } from "./version.ts"

export interface Timeline {
  /** Absolute path of the Chrome trace. */
  readonly timeline?: string
  /** The chain of nodes that no number of workers makes shorter; empty where nothing ran. */
  readonly criticalPath: ReadonlyArray<CriticalNode>
}

export interface Times {
  readonly emit: (event: Event) => void
  readonly events: ReadonlyArray<Timed>
}

/** Keeps the events that pass, but progress: of that a long training makes millions. */
export const keepTimes = (next: (event: Event) => void): Times => {
  const events: Array<Timed> = []
  const emit = (event: Event) => {
    if (event._tag !== "NodeProgress") events.push({ at: Date.now(), event })
    next(event)
  }
  return { emit, events }
}

/** How long a server of traces may take, all tries together: a run does not end later than this because of it. */
const patience = "10 seconds"

/** "a=1,b=2", as the OpenTelemetry specification has it. */
const headersOf = (text = ""): Record<string, string> =>
  Object.fromEntries(
    text.split(",").flatMap((pair) => {
      const [name = "", ...value] = pair.split("=")
      return name.trim() === "" ? [] : [[name.trim(), decodeURIComponent(value.join("=").trim())]]
    })
  )

const send = (nodes: ReadonlyArray<AnyNode>, events: ReadonlyArray<Timed>): Effect.Effect<void> => {
  const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (endpoint === undefined || endpoint === "") return Effect.void
  const headers = headersOf(process.env.OTEL_EXPORTER_OTLP_HEADERS)
  return recordSpans(nodes, events).pipe(
    Effect.provide(otlp(endpoint, version(), headers)),
    Effect.timeout(patience),
    Effect.catchCause(() => Effect.sync(() => printWarning(`the trace of this run could not be sent to ${endpoint}`)))
  )
}

/** Writes a record of the run. A full or read-only disk costs the record, not what the run has to say: that is a warning. */
export const kept = <R>(what: string, write: Effect.Effect<void, StoreError, R>): Effect.Effect<boolean, never, R> =>
  Effect.match(write, {
    onSuccess: () => true,
    onFailure: ({ message }) => {
      printWarning(`this run leaves no record of ${what}: ${message}`)
      return false
    }
  })

/** Writes the run's trace, and sends it where a server is named. `nodes`: every one after its inputs. */
export const writeTimeline = Effect.fnUntraced(function* (
  run: string,
  nodes: ReadonlyArray<AnyNode>,
  events: ReadonlyArray<Timed>
) {
  const store = yield* Store
  const timeline = join(store.root, "timelines", `${run}.json`)
  const written = yield* kept("its trace", writeAtomic(timeline, chromeTrace(nodes, events), join(store.root, "tmp")))
  yield* send(nodes, events)
  const work = new Map(workOf(events).map(({ node, from, to }) => [node, (to - from) / 1000]))
  const path = criticalPath(nodes, workOf(events))
  return {
    ...(written ? { timeline } : {}),
    criticalPath: path.map((node) => ({ node, seconds: work.get(node) ?? 0 }))
  } satisfies Timeline
})
