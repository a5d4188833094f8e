/**
 * Speed of EfficientNet's training and inference: this project's backends and PyTorch, in alternation in one run.
 *
 *   npx tsx bench/training.ts [--variant b3] [--batch 16] [--side 128] [--frozen 18] [--threads 2] [--repeat 5]
 *     [--backends simd,wasm] [--kinds step,full,forward,affine,adapt,inference] [--epochs 20] [--batches 4]
 *     [--memoryBatch 64] [--python /usr/bin/python3] [--kernels]
 *
 * "step" has the first blocks frozen and batch norm as under the policy `statistics`; "affine", "adapt" and "inference"
 * are steps under the other policies; "full" has nothing frozen; "forward" is inference. Prints one JSON line a backend
 * and kind, with the least and the median of its milliseconds, then the ratio of PyTorch's to `simd`'s, least by least
 * and median by median (above 1: this project is faster). Then a whole fine-tuning under `adapt`: PyTorch runs the
 * frozen part at every step, this project once for every image, which is counted. Then the rate of b3's products beside
 * the greatest of this machine, and the memory of steps at a larger batch. With --kernels also where simd's steps go.
 * PyTorch is left out where python3 has it not; --epochs 0 and --memoryBatch 0 leave out what they are for.
 */
import { spawnSync } from "node:child_process"
import { cpus } from "node:os"
import { parseArgs } from "node:util"
import type { BackendName } from "../src/model/backends/open.ts"
import { openSimd } from "../src/model/backends/simd/open.ts"
import { profile, rates, round } from "./training/kernels.ts"
import { type Contestant, ours, type Sizes } from "./training/ours.ts"
import { torch } from "./training/torch.ts"

const { values } = parseArgs({
  options: {
    variant: { type: "string", default: "b3" },
    batch: { type: "string", default: "16" },
    side: { type: "string", default: "128" },
    frozen: { type: "string", default: "18" },
    threads: { type: "string", default: "2" },
    repeat: { type: "string", default: "5" },
    backends: { type: "string", default: "simd,wasm" },
    kinds: { type: "string", default: "step,full,forward,affine,adapt,inference" },
    epochs: { type: "string", default: "20" },
    batches: { type: "string", default: "4" },
    memoryBatch: { type: "string", default: "64" },
    python: { type: "string", default: "/usr/bin/python3" },
    kernels: { type: "boolean", default: false }
  }
})
const sizes: Sizes = {
  variant: values.variant,
  batch: Number(values.batch),
  side: Number(values.side),
  frozen: Number(values.frozen),
  threads: Number(values.threads)
}
const [repeat, epochs, batches] = [Number(values.repeat), Number(values.epochs), Number(values.batches)]
const kinds = values.kinds.split(",")

const median = (times: ReadonlyArray<number>): number => [...times].sort((a, b) => a - b)[times.length >> 1]!
const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

/** The stock backend, ten times slower, is there for scale: once a kind, and not for every kind. */
const isAsked = (name: string, kind: string, round: number): boolean =>
  name !== "wasm" || (round < 1 && ["step", "full", "forward"].includes(kind))

const race = async (contestants: ReadonlyMap<string, Contestant>, kind: string): Promise<void> => {
  const times = new Map<string, Array<number>>([...contestants.keys()].map((name) => [name, []]))
  // The first round warms up.
  for (let round = -1; round < repeat; round++) {
    for (const [name, { once }] of contestants) {
      if (!isAsked(name, kind, round)) continue
      const time = await once(kind)
      if (round >= 0) times.get(name)!.push(time)
    }
  }
  for (const [name, all] of times) {
    if (all.length > 0) print({ name, kind, least: round(Math.min(...all)), median: round(median(all)) })
  }
  const [simd, peer] = [times.get("simd"), times.get("torch")]
  if (!simd || !peer) return
  const ratio = { least: round(Math.min(...peer) / Math.min(...simd)), median: round(median(peer) / median(simd)) }
  print({ kind, "torch / simd": ratio })
}

const fineTunings = async (simd: Contestant, peer: Contestant | undefined): Promise<void> => {
  const images = batches * sizes.batch
  // A first epoch warms up.
  for (const contestant of [simd, peer]) await contestant?.fineTuning(1, 1)
  const mine = await simd.fineTuning(batches, epochs)
  const theirs = await peer?.fineTuning(batches, epochs)
  const seconds = { simd: round(mine / 1e3), ...(theirs ? { torch: round(theirs / 1e3) } : {}) }
  const ratio = theirs ? { "torch / simd": round(theirs / mine) } : {}
  print({ "fine-tuning under adapt": { epochs, images }, seconds, ...ratio })
}

const main = async () => {
  print({ machine: cpus()[0]?.model, cores: cpus().length, node: process.version, ...sizes })
  const contestants = new Map<string, Contestant>()
  for (const name of values.backends.split(",")) contestants.set(name, await ours(name as BackendName, sizes))
  const peer = await torch(values.python, sizes)
  if (peer) {
    contestants.set("torch", peer)
    print({ peer: `PyTorch ${peer.version}` })
  }
  for (const kind of kinds) await race(contestants, kind)
  const simd = contestants.get("simd")
  if (simd && epochs > 0) await fineTunings(simd, peer)
  peer?.close()
  if (!simd) return
  await openSimd()
  print(rates(sizes.batch))
  if (values.kernels) {
    for (const kind of kinds) print({ kind, kernels: await profile("simd", () => simd.once(kind)) })
  }
  if (Number(values.memoryBatch) === 0) return
  const script = new URL("training/memory.ts", import.meta.url).pathname
  for (const frozen of [sizes.frozen, 0]) {
    const given = [values.memoryBatch, sizes.side, frozen, sizes.threads].map(String)
    const argv = [...process.execArgv, script, sizes.variant, ...given]
    spawnSync(process.execPath, argv, { stdio: "inherit" })
  }
}
await main()
