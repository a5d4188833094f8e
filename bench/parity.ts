/**
 * Holds this project's numbers against those of its peers, for anyone to check:
 *
 *   npm run parity -- efficientnet DIR [--backend NAME]   torchvision: weights, outputs, gradients, statistics, a step
 *   npm run parity -- roc FILE                            pROC: AUC, variances, intervals, paired tests
 *   npm run parity -- augment DIR                         albumentations: images
 *
 * Prints one JSON line a quantity (its greatest error and tolerance); exits with 1 where one is over it, with 2 where
 * the arguments or files cannot be used. Reads no file but those named.
 */
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"

interface Line {
  readonly quantity: string
  readonly error: number
  readonly tolerance: number
  readonly pass: boolean
}

type Check = Effect.Effect<ReadonlyArray<Line>, { readonly message: string }>

const backends = ["auto", "simd", "wasm", "cpu", "webgpu", "tensorflow", "tensorflow-gpu"] as const

const checks: Readonly<Record<string, (path: string, backend: string) => Promise<Check>>> = {
  efficientnet: async (path, name) => {
    const backend = backends.find((known) => known === name)
    if (backend === undefined) throw new Error(`--backend ${name}: one of ${backends.join(", ")}`)
    return (await import("../src/model/parity.ts")).efficientnetParity(path, backend)
  },
  roc: async (path) => (await import("../src/statistics/parity.ts")).rocParity(path),
  augment: async (path) => (await import("../src/image/parity.ts")).augmentParity(path)
}

const usage = "usage: npm run parity -- efficientnet DIR [--backend NAME] | roc FILE | augment DIR"

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

const parse = () => {
  try {
    return parseArgs({ allowPositionals: true, options: { backend: { type: "string", default: "wasm" } } })
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : error}\n${usage}`)
  }
}

const main = async () => {
  const { positionals, values } = parse()
  const [what = "", path, ...more] = positionals
  const check = checks[what]
  if (check === undefined || path === undefined || more.length > 0) return refuse(usage)
  const result = await Effect.runPromise(Effect.result(await check(path, values.backend)))
  if (result._tag === "Failure") return refuse(result.failure.message)
  for (const line of result.success) process.stdout.write(`${JSON.stringify(line)}\n`)
  const over = result.success.filter((line) => !line.pass).length
  process.stderr.write(`${result.success.length} quantities, ${over} over their tolerance\n`)
  process.exitCode = over > 0 || result.success.length === 0 ? 1 : 0
}

main().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)))
