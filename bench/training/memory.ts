/**
 * How much memory steps at a batch of 64 take: run by bench/training.ts in a process of its own for each.
 *
 *   npx tsx bench/training/memory.ts VARIANT BATCH SIDE FROZEN THREADS
 */
import type { SimdBackend } from "../../src/model/backends/simd/backend.ts"
import * as tf from "../../src/model/tf.ts"
import { ours } from "./ours.ts"

const [variant, ...numbers] = process.argv.slice(2)
const [batch, side, frozen, threads] = numbers.map(Number) as [number, number, number, number]
const { once } = await ours("simd", { variant: variant!, batch, side, frozen, threads })
for (let i = 0; i < 3; i++) await once("step")
const { taken } = (tf.backend() as unknown as SimdBackend).machine.space
const mebibytes = { tensors: Math.round(taken / 2 ** 20), process: Math.round(process.resourceUsage().maxRSS / 1024) }
process.stdout.write(`${JSON.stringify({ memory: "3 steps", batch, frozen, "MiB at most": mebibytes })}\n`)
