/**
 * Rendering in worker threads. A worker runs this very module: in a bundle that is the bundle itself, so nothing has to
 * be built or found beside it; from source, Node strips the types (22.18 and later). What a view looks like depends on
 * its bytes and draws alone, so any number of workers gives the same pack.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { UnreadableImage } from "./error.ts"
import { renderViews, type View } from "./render.ts"
import { inProcess, type Renderer } from "./render-all.ts"

interface Task {
  readonly id: number
  readonly bytes: Uint8Array
  readonly views: ReadonlyArray<View>
  readonly side: number
  readonly name: string
}
type Fault = Pick<UnreadableImage, "reason" | "place" | "fault" | "mend">
type Answer =
  | { readonly id: number; readonly pixels: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly fault: Fault }

/** Marks the threads that were started here: a bundle may be loaded in other workers too. */
const ROLE = "dermograph-render"

const answer = ({ id, bytes, views, side, name }: Task): Promise<Answer> =>
  Effect.runPromise(
    renderViews(bytes, views, side, { name }).pipe(
      Effect.map((pixels): Answer => ({ id, pixels: pixels as Uint8Array<ArrayBuffer> })),
      Effect.catch(({ reason, place, fault, mend }) =>
        Effect.succeed<Answer>({ id, fault: { reason, place, fault, mend } })
      )
    )
  )

if (!isMainThread && workerData?.role === ROLE) {
  const port = parentPort!
  port.on("message", async (task: Task) => {
    const made = await answer(task)
    port.postMessage(made, "pixels" in made ? [made.pixels.buffer] : [])
  })
}

type Settle = (result: Effect.Effect<Uint8Array, UnreadableImage>) => void

/** One thread and what it was given; a thread that dies gives its tasks back to be done in this one. */
const startWorker = (url: URL, onLost: (cause: unknown) => void) => {
  const worker = new Worker(url, { workerData: { role: ROLE } })
  const waiting = new Map<number, { readonly task: Task; readonly settle: Settle }>()
  let alive = true
  const abandon = (): void => {
    alive = false
    for (const { task, settle } of waiting.values()) settle(inProcess(task.bytes, task.views, task.side, task.name))
    waiting.clear()
  }
  // A thread keeps the process alive while it has work, and no longer.
  const forget = (id: number): void => {
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
  }
  worker.on("message", (made: Answer) => {
    const entry = waiting.get(made.id)
    forget(made.id)
    entry?.settle("pixels" in made ? Effect.succeed(made.pixels) : Effect.fail(new UnreadableImage(made.fault)))
  })
  worker.on("error", (cause) => {
    onLost(cause)
    abandon()
  })
  worker.on("exit", abandon)
  worker.unref()
  return {
    load: () => (alive ? waiting.size : Number.POSITIVE_INFINITY),
    give: (task: Task, settle: Settle): void => {
      waiting.set(task.id, { task, settle })
      if (alive) {
        worker.ref()
        worker.postMessage(task)
      } else abandon()
    },
    forget,
    stop: () => worker.terminate()
  }
}

export interface PoolOptions {
  /** What the threads run, if not this module. */
  readonly module?: URL
  /** Told when a thread cannot start or dies. Its work is then done in this thread: time is lost and nothing else. */
  readonly onLost?: (cause: unknown) => void
}

/**
 * A renderer with `workers` threads, started when the first image comes and stopped when the scope closes; with fewer
 * than 2 all is done in this thread.
 */
export const renderPool = (
  workers: number,
  { module = new URL(import.meta.url), onLost = () => {} }: PoolOptions = {}
): Effect.Effect<Renderer, never, Scope.Scope> =>
  workers < 2
    ? Effect.succeed(inProcess)
    : Effect.map(
        Effect.acquireRelease(
          Effect.sync((): Array<ReturnType<typeof startWorker>> => []),
          (started) => Effect.promise(() => Promise.all(started.map((it) => it.stop())))
        ),
        (started): Renderer => {
          let nextId = 0
          return (bytes, views, side, name) =>
            Effect.callback<Uint8Array, UnreadableImage>((resume) => {
              const task: Task = { id: nextId++, bytes, views, side, name }
              while (started.length < workers) started.push(startWorker(module, onLost))
              const least = started.reduce((best, it) => (it.load() < best.load() ? it : best))
              least.give(task, resume)
              return Effect.sync(() => least.forget(task.id))
            })
        }
      )
