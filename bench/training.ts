/**
 * Speed of EfficientNet's training steps and inference: this project's backends and PyTorch, in alternation in one run.
 *
 *   npx tsx bench/training.ts [--variant b3] [--batch 16] [--side 128] [--frozen 18] [--threads 2] [--repeat 5]
 *     [--backends simd,wasm] [--python /usr/bin/python3] [--kernels]
 *
 * "step" has the first blocks frozen, "full" none; batch norm as under the policy `statistics`; "forward" is inference.
 * Prints one JSON line a backend and kind, with the least and the median of its milliseconds, then the ratio of
 * PyTorch's to `simd`'s, least by least and median by median (above 1: this project is faster). PyTorch is left out
 * where python3 has it not. With --kernels also where simd's step goes, and its products' rate beside the greatest of
 * this machine: that of one large product.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import { networkPlan } from "../src/model/architecture/network.ts"
import { type BackendName, openBackend } from "../src/model/backends/open.ts"
import { openSimd } from "../src/model/backends/simd/open.ts"
import * as tf from "../src/model/tf.ts"
import { lossPerExample, plainLoss } from "../src/model/training/loss.ts"
import { type OptimiserState, optimise, plainAdam } from "../src/model/training/optimiser.ts"
import { createModel, inference, keeping, trainingStep, updateRunning } from "../src/model/training/step.ts"
import { initialise } from "../src/model/weights/initialise.ts"
import { generator } from "../src/random/generator.ts"

const { values } = parseArgs({
  options: {
    variant: { type: "string", default: "b3" },
    batch: { type: "string", default: "16" },
    side: { type: "string", default: "128" },
    frozen: { type: "string", default: "18" },
    threads: { type: "string", default: "2" },
    repeat: { type: "string", default: "5" },
    backends: { type: "string", default: "simd,wasm" },
    kinds: { type: "string", default: "step,full,forward" },
    python: { type: "string", default: "/usr/bin/python3" },
    kernels: { type: "boolean", default: false }
  }
})
const [batch, side, frozen, threads, repeat] = [
  values.batch,
  values.side,
  values.frozen,
  values.threads,
  values.repeat
].map(Number) as [number, number, number, number, number]
const kinds = values.kinds.split(",")

type Once = (kind: string) => Promise<number>

const ours = async (name: string): Promise<Once> => {
  const open = () =>
    name === "simd" ? openSimd({ threads }) : Effect.runPromise(openBackend(name as BackendName)).then(() => name)
  await open()
  const plan = networkPlan({ variant: values.variant as "b3", family: "torchvision", head: "plain" })
  const model = createModel(plan, initialise(plan, 1))
  const random = generator("bench", 1)
  const shape: [number, number, number, number] = [batch, side, side, 3]
  const x = tf.tensor4d(
    Float32Array.from({ length: batch * side * side * 3 }, () => random.normal()),
    shape
  )
  const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 2))
  const state: OptimiserState = new Map()
  const lossOf = (logits: tf.Tensor1D) => lossPerExample(logits, labels, plainLoss).mean() as tf.Scalar
  const step = (depth: number) => {
    const policy = "statistics"
    const { logits, loss, gradients, observed } = trainingStep(
      model,
      { policy, depth },
      { x, done: 0 },
      lossOf,
      keeping
    )
    updateRunning(model, observed, 0.1)
    optimise(model, state, gradients, 1e-4, plainAdam)
    loss.dataSync()
    tf.dispose([logits, loss])
  }
  return async (kind) => {
    await open()
    const start = performance.now()
    if (kind === "forward") {
      const logits = inference(model, { x, done: 0 })
      logits.dataSync()
      logits.dispose()
    } else step(kind === "full" || frozen === 0 ? 0 : 1 + frozen)
    return performance.now() - start
  }
}

/** PyTorch in a process of its own, which idles while it is not asked. */
const torch = async (): Promise<
  { readonly once: Once; readonly child: ChildProcessWithoutNullStreams } | undefined
> => {
  const script = new URL("training_peer.py", import.meta.url).pathname
  const child = spawn(values.python, [script, values.variant, ...[batch, side, frozen, threads].map(String)])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const first = await Promise.race([
    lines.next(),
    new Promise<{ done: true }>((resolve) => child.once("error", () => resolve({ done: true })))
  ])
  if (first.done) return undefined
  process.stderr.write(`PyTorch ${first.value}\n`)
  return {
    child,
    once: async (kind) => {
      child.stdin.write(`${kind}\n`)
      return Number((await lines.next()).value)
    }
  }
}

const median = (times: ReadonlyArray<number>): number => [...times].sort((a, b) => a - b)[times.length >> 1]!
const round = (value: number): number => Math.round(value * 100) / 100

/** Milliseconds by kernel over `run`, largest first. */
const profile = async (backendName: string, run: () => Promise<unknown>) => {
  const times = new Map<string, number>()
  const plain = tf.getKernelsForBackend(backendName)
  for (const config of plain) {
    tf.unregisterKernel(config.kernelName, backendName)
    tf.registerKernel({
      ...config,
      kernelFunc: (call) => {
        const start = performance.now()
        const result = config.kernelFunc(call)
        times.set(config.kernelName, (times.get(config.kernelName) ?? 0) + performance.now() - start)
        return result
      }
    })
  }
  await run()
  for (const config of plain) {
    tf.unregisterKernel(config.kernelName, backendName)
    tf.registerKernel(config)
  }
  return Object.fromEntries([...times].sort((a, b) => b[1] - a[1]).map(([name, time]) => [name, round(time)]))
}

/** GFLOP/s of a product (m, k) (k, n), the best of some. */
const productRate = (m: number, k: number, n: number): number =>
  tf.tidy(() => {
    const [a, b] = [tf.ones([m, k]), tf.ones([k, n])]
    const times = Array.from({ length: 8 }, () => {
      const start = performance.now()
      tf.matMul(a, b).dispose()
      return performance.now() - start
    })
    return round((2 * m * n * k) / Math.min(...times) / 1e6)
  })

const main = async () => {
  const contestants = new Map<string, Once>()
  for (const name of values.backends.split(",")) contestants.set(name, await ours(name))
  const peer = await torch()
  if (peer) contestants.set("torch", peer.once)
  const times = new Map<string, Array<number>>()
  for (const kind of kinds) {
    for (let round = -1; round < repeat; round++) {
      for (const [name, once] of contestants) {
        // Two of PyTorch's warm-up rounds, as of ours; wasm, which is slow, is not asked as often.
        if (name === "wasm" && round >= 2) continue
        const time = await once(kind)
        if (round >= 0) times.set(`${name} ${kind}`, [...(times.get(`${name} ${kind}`) ?? []), time])
      }
    }
    for (const name of contestants.keys()) {
      const all = times.get(`${name} ${kind}`)!
      const line = { name, kind, batch, threads, least: round(Math.min(...all)), median: round(median(all)) }
      process.stdout.write(`${JSON.stringify(line)}\n`)
    }
    const [simd, torchs] = [times.get(`simd ${kind}`), times.get(`torch ${kind}`)]
    if (simd && torchs) {
      const ratio = {
        least: round(Math.min(...torchs) / Math.min(...simd)),
        median: round(median(torchs) / median(simd))
      }
      process.stdout.write(`${JSON.stringify({ kind, "torch / simd": ratio })}\n`)
    }
  }
  if (values.kernels && contestants.has("simd")) {
    for (const kind of kinds) {
      const kernels = await profile("simd", () => contestants.get("simd")!(kind))
      process.stdout.write(`${JSON.stringify({ kind, kernels })}\n`)
    }
    // b3's pointwise convolutions at this batch, expanding and projecting, beside a product that fills the caches well.
    const places = [
      [batch * 1024, 32, 192],
      [batch * 256, 48, 288],
      [batch * 64, 96, 576],
      [batch * 64, 816, 136],
      [batch * 16, 1392, 232],
      [batch * 16, 384, 1536]
    ] as const
    const rates = Object.fromEntries(places.map(([m, k, n]) => [`${m} x ${k} x ${n}`, productRate(m, k, n)]))
    process.stdout.write(`${JSON.stringify({ "GFLOP/s": rates, peak: productRate(1536, 384, 512) })}\n`)
  }
  peer?.child.stdin.end()
}
await main()
