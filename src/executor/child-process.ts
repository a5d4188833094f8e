/** Does each job in a process of its own: a stage that dies or is killed takes nothing with it. */
import type { ChildProcess } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { StageFailed } from "../dag/errors.ts"
import type { Output } from "../store/trace.ts"
import { Executor, type Job, type JobError, type JobEvent } from "./executor.ts"
import { decodeMessage } from "./protocol.ts"
import { spareWorkers } from "./spare-workers.ts"

/** How long a stage that is asked to stop may take to write its checkpoint, in milliseconds. */
const patience = 20_000

const stop = (child: ChildProcess): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    const hard = setTimeout(() => child.kill("SIGKILL"), patience)
    child.once("exit", () => {
      clearTimeout(hard)
      resume(Effect.void)
    })
    child.kill("SIGTERM")
  })

const died = (job: Job, code: number | null, signal: NodeJS.Signals | null): StageFailed =>
  new StageFailed({
    node: job.node,
    tag: "WorkerDied",
    fault:
      signal === "SIGKILL"
        ? "its process was killed (out of memory, or by hand)\n  mend: run again: it goes on from its last checkpoint"
        : `its process ended with ${signal ?? `code ${code}`} before it was done\n  mend: run again: it goes on from its last checkpoint`
  })

const converse = (child: ChildProcess, job: Job, emit: (event: JobEvent) => Effect.Effect<void>) =>
  Effect.callback<Output, JobError>((resume) => {
    child.on("message", (raw) => {
      const message = decodeMessage(raw)
      if (message._tag === "Succeeded") resume(Effect.succeed(message.output))
      else if (message._tag === "Failed") resume(Effect.fail(message.error))
      else Effect.runFork(emit(message))
    })
    child.once("error", (cause) =>
      resume(Effect.fail(new StageFailed({ node: job.node, tag: "WorkerDied", fault: cause.message })))
    )
    child.once("exit", (code, signal) => resume(Effect.fail(died(job, code, signal))))
  })

const workerPath = (): string => {
  const folder = fileURLToPath(new URL(".", import.meta.url))
  const built = join(folder, "worker.mjs")
  return existsSync(built) ? built : join(folder, "worker.ts")
}

const make = Effect.gen(function* () {
  const workers = spareWorkers(workerPath())
  yield* Effect.addFinalizer(() => Effect.sync(workers.end))
  return Executor.of({
    execute: (_stage, job, emit) =>
      Effect.acquireUseRelease(
        Effect.sync(() => workers.take(job)),
        (child) => converse(child, job, emit),
        stop
      )
  })
})

export const layer: Layer.Layer<Executor> = Layer.effect(Executor, make)
