/** Which backend `auto` means here. Known before any stage runs, since the backend is part of the stages' keys. */
import { execFileSync } from "node:child_process"
import { createRequire } from "node:module"
import type { BackendName } from "../src/model/backends/names.ts"

const native = ["@tensorflow/tfjs-node-gpu", "webgpu", "@tensorflow/tfjs-node"]

const require = createRequire(import.meta.url)

const isInstalled = (name: string): boolean => {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

const program = `
  import { Effect } from "effect"
  const { openBackend } = await import(process.argv[1])
  const { name } = await Effect.runPromise(openBackend("auto"))
  process.stdout.write("\\n" + name)
`

/**
 * Without an optional peer that is `simd`, the project's own, and nothing is started to find out. With one, the first that starts is asked
 * for in a process of its own: a driver that crashes takes nothing with it.
 */
const autoBackend = (): BackendName => {
  if (!native.some(isInstalled)) return "simd"
  try {
    const open = new URL("../src/model/backends/open.ts", import.meta.url).href
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", program, open], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 120_000
    })
    return output.trim().split("\n").at(-1) as BackendName
  } catch {
    return "simd"
  }
}

let known: BackendName | undefined

export const resolveBackend = (setting: BackendName | "auto"): BackendName => {
  if (setting !== "auto") return setting
  known ??= autoBackend()
  return known
}
