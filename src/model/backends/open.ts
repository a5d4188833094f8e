/**
 * Backends by name. `auto` takes the first that starts; the reason of each that does not is kept. The native ones are
 * optional peers: nothing fails where they are not installed.
 */
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { BackendError } from "../errors.ts"
import { registerKernels } from "../kernels/register.ts"
import * as tf from "../tf.ts"
import { type BackendName, backendNames } from "./names.ts"
import { isSoftware, startTensorflow, startTensorflowGpu, startWebgpu } from "./peers.ts"

export { type BackendName, backendNames } from "./names.ts"

export interface Backend {
  readonly name: BackendName
  /** What computes, with its version: part of the key of every stage that uses it. */
  readonly identity: string
  /** Why each backend that was tried before this one did not start. */
  readonly refused: ReadonlyArray<{ readonly name: BackendName; readonly reason: string }>
}

/** The module's start-up code hangs itself on uncaught errors and prints its own source with each: take it off again. */
const withoutProcessListeners = async (start: () => Promise<unknown>): Promise<void> => {
  const events = ["uncaughtException", "unhandledRejection"] as const
  const before = events.map((event) => new Set<unknown>(process.listeners(event as "exit")))
  await start()
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as "exit")) {
      if (!before[index]!.has(listener)) process.removeListener(event, listener)
    }
  }
}

const startWasm = async (): Promise<string> => {
  const { setWasmPaths, setThreadsCount, version_wasm: version } = await import("@tensorflow/tfjs-backend-wasm")
  const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")
  setWasmPaths(join(dirname(main), "/"))
  // One thread: results do not depend on the machine, and Node's build of the module has no more.
  setThreadsCount(1)
  await withoutProcessListeners(() => tf.setBackend("wasm"))
  return `tfjs-wasm ${version}`
}

const starters: Record<BackendName, { readonly tfjs: string; readonly start: () => Promise<string> }> = {
  "tensorflow-gpu": { tfjs: "tensorflow", start: startTensorflowGpu },
  webgpu: { tfjs: "webgpu", start: startWebgpu },
  tensorflow: { tfjs: "tensorflow", start: startTensorflow },
  simd: { tfjs: "simd", start: async () => (await import("./simd/open.ts")).openSimd() },
  wasm: { tfjs: "wasm", start: startWasm },
  cpu: { tfjs: "cpu", start: async () => `tfjs-cpu ${tf.version_core}` }
}

const start = (name: BackendName): Effect.Effect<string, BackendError> =>
  Effect.tryPromise({
    try: async () => {
      const { tfjs, start } = starters[name]
      const identity = await start()
      if (!(await tf.setBackend(tfjs))) throw new Error(`TensorFlow.js could not initialise "${tfjs}"`)
      await tf.ready()
      registerKernels(tfjs)
      return identity
    },
    catch: (error) => {
      const reason = error instanceof Error ? error.message.split("\n")[0]! : String(error)
      return new BackendError({ backend: name, message: reason })
    }
  })

/** Starts a backend and makes it TensorFlow.js's current one. */
export const openBackend = (wanted: BackendName | "auto"): Effect.Effect<Backend, BackendError> =>
  Effect.gen(function* () {
    tf.env().set("PROD", true)
    const refused: Array<{ name: BackendName; reason: string }> = []
    for (const name of wanted === "auto" ? backendNames : [wanted]) {
      const result = yield* Effect.result(start(name))
      if (result._tag === "Failure") refused.push({ name, reason: result.failure.message })
      else if (wanted === "auto" && isSoftware(result.success)) {
        refused.push({ name, reason: `only a driver that computes on the processor (${result.success})` })
      } else return { name, identity: result.success, refused }
    }
    const reasons = refused.map(({ name, reason }) => `${name}: ${reason}`).join("; ")
    const message = `backend ${wanted} does not start (${reasons}). Choose another: ${backendNames.join(", ")} or auto.`
    return yield* new BackendError({ backend: wanted, message })
  })
