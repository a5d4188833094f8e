/** PyTorch in a process of its own (bench/training_peer.py), which idles while it is not asked. */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import type { Contestant, Sizes } from "./ours.ts"

/** Undefined where that Python has no PyTorch. */
export const torch = async (
  python: string,
  { variant, batch, side, frozen, threads }: Sizes
): Promise<(Contestant & { readonly version: string; readonly close: () => void }) | undefined> => {
  const script = new URL("../training_peer.py", import.meta.url).pathname
  const child = spawn(python, [script, variant, ...[batch, side, frozen, threads].map(String)])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const failed = new Promise<{ done: true }>((resolve) => child.once("error", () => resolve({ done: true })))
  const first = await Promise.race([lines.next(), failed])
  if (first.done) return undefined
  const ask = async (question: string): Promise<number> => {
    child.stdin.write(`${question}\n`)
    return Number((await lines.next()).value)
  }
  return {
    version: first.value as string,
    once: ask,
    fineTuning: (batches, epochs) => ask(`finetuning ${batches} ${epochs}`),
    close: () => child.stdin.end()
  }
}
