/** Processes for jobs, the next of which is started ahead. */
import { type ChildProcess, fork } from "node:child_process"
import { dirname, join } from "node:path"
import type { Job } from "./executor.ts"

/** A process that loads the worker and waits for its job. */
const start = (worker: string, compiled: string): ChildProcess => {
  // Node reads TypeScript itself; the parent's loaders (tsx) would only cost start-up time.
  const { NODE_OPTIONS: _, ...env } = process.env
  return fork(worker, [], {
    execArgv: [],
    // Node keeps compiled modules by a hash of their source; compiling anew is half of a worker's start.
    env: { NODE_COMPILE_CACHE: compiled, ...env },
    serialization: "advanced",
    // What a stage or its packages print is not among the lines of `run --json`.
    stdio: ["ignore", 2, 2, "ipc"]
  })
}

const isAlive = (child: ChildProcess): boolean =>
  child.connected && child.exitCode === null && child.signalCode === null

/**
 * Hands out processes, with one more started ahead from the first job on: in a chain of short stages, the start of the
 * next process passes beside the work of the present one.
 */
export const spareWorkers = (worker: string) => {
  let spare: ChildProcess | undefined
  const ahead = (job: Job): ChildProcess => {
    const child = start(worker, join(dirname(job.bundle), "compiled"))
    // It must not keep a run from ending, and nobody is told when it dies: the next job starts another.
    child.unref()
    child.channel?.unref()
    child.on("error", () => {})
    return child
  }
  return {
    take: (job: Job): ChildProcess => {
      const child = spare !== undefined && isAlive(spare) ? spare : ahead(job)
      child.ref()
      child.channel?.ref()
      child.send(job)
      spare = ahead(job)
      return child
    },
    end: () => spare?.kill("SIGKILL")
  }
}
