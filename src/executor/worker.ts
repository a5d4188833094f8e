/**
 * The program of a child process: takes one job, does it with the bundled stage, reports and ends. It also ends when
 * the run that started it is gone, so a killed run leaves nobody behind.
 */
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import { StageFailed } from "../dag/errors.ts"
import type { AnyStage } from "../dag/stage.ts"
import { Job, type JobEvent } from "./executor.ts"
import { perform } from "./perform.ts"
import { encodeMessage, type WorkerMessage } from "./protocol.ts"
import { watchReads } from "./untracked-reads.ts"

const send = (message: WorkerMessage): Promise<void> =>
  new Promise((done) => {
    if (process.send === undefined || !process.connected) return done()
    process.send(encodeMessage(message), undefined, undefined, () => done())
  })

const loadStage = (job: Job) =>
  Effect.tryPromise({
    // The one import by path: the bundle is what the stage's digest was taken of.
    try: async () => ((await import(pathToFileURL(job.bundle).href)) as { readonly stage: AnyStage }).stage,
    catch: (cause) =>
      new StageFailed({ node: job.node, tag: "CodeError", fault: `its bundle cannot be loaded: ${cause}` })
  })

const emit = (event: JobEvent) => Effect.promise(() => send(event))

const work = (job: Job) =>
  Effect.gen(function* () {
    const undeclared = watchReads(job)
    const tell = Effect.suspend(() => {
      const paths = undeclared()
      return paths.length === 0 ? Effect.void : emit({ _tag: "UndeclaredRead", paths })
    })
    const stage = yield* loadStage(job)
    return yield* perform(stage, job, emit).pipe(Effect.ensuring(tell))
  }).pipe(
    // A fault of this program must not be silent either.
    Effect.catchDefect((defect) =>
      Effect.fail(new StageFailed({ node: job.node, tag: "Defect", fault: `a fault in its process: ${defect}` }))
    ),
    Effect.matchEffect({
      onFailure: (error) => Effect.promise(() => send({ _tag: "Failed", error })),
      onSuccess: (output) => Effect.promise(() => send({ _tag: "Succeeded", output }))
    })
  )

// Before the job comes, too: the run may be gone, and Ctrl-C is not for a process that waits.
process.once("disconnect", () => process.exit(1))
// Ctrl-C reaches the whole group; the run decides, and tells its workers by SIGTERM.
process.on("SIGINT", () => {})

process.once("message", (message) => {
  const job = Schema.decodeUnknownSync(Job)(message)
  const fiber = Effect.runFork(work(job))
  const stop = () => void Effect.runPromise(Fiber.interrupt(fiber)).finally(() => process.exit(130))
  process.once("SIGTERM", stop)
  fiber.addObserver(() => process.disconnect?.())
})
