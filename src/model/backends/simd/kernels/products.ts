/** Matrix products on addresses, and TensorFlow.js's BatchMatMul by them. */
import * as tf from "../../../tf.ts"
import type { Machine } from "../machine.ts"
import type { Kernel } from "./kernel.ts"

const up = (value: number, step: number): number => Math.ceil(value / step) * step
const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value))

interface Product {
  readonly a: number
  readonly b: number
  readonly c: number
  /** C is (m, n); k is what is summed over. */
  readonly m: number
  readonly n: number
  readonly k: number
  readonly bias?: number
  /** Swish of the sums. */
  readonly swish?: boolean
}

/** Numbers of B that a thread packs at a time: 1 MiB, half of a common second-level cache. */
const CACHED = 1 << 18
/** Chunks to cut a product into, where it is large enough for so many. */
const CHUNKS = 16
/** Numbers before the panels in a thread's space: one tile (kernels/assembly/product.ts). */
const EDGE = 96

/**
 * Rows and columns of C in a chunk: many rows, since every block of rows packs B anew, and two panels of 16 columns at
 * least, since every block of columns reads A anew.
 */
const blocks = (m: number, n: number, k: number): readonly [number, number] => {
  const down = within(Math.floor(m / 512), 1, CHUNKS)
  const panels = Math.ceil(n / 16)
  const across = within(Math.ceil((panels * down) / CHUNKS), Math.min(2, panels), panels)
  return [up(Math.ceil(m / down), 6), 16 * within(across, 1, Math.max(1, Math.floor(CACHED / (16 * k))))]
}

/** C = A (m, k) times B (k, n), or times the transpose of B (n, k). */
export const multiply = (machine: Machine, product: Product, transposeB: boolean): void => {
  const { a, b, c, m, n, k, bias = 0, swish = false } = product
  const [rows, columns] = blocks(m, n, k)
  const chunks = Math.ceil(m / rows) * Math.ceil(n / columns)
  machine.scratchPerThread((EDGE + columns * k) * 4, (space, stride) => {
    const flags = [transposeB, machine.wide, swish].map(Number)
    machine.run("product", chunks, m * n * k, [a, b, c, m, n, k, rows, columns, bias, space, stride, ...flags])
  })
}

/** How much of k is summed in one go: a panel of B of that length (32 KiB) stays in the nearest cache. */
const DEPTH = 512

/** Blocks of rows and columns beside `parts` of k, about square, so that little is packed more than once. */
const transposedBlocks = (m: number, n: number, parts: number): readonly [number, number] => {
  const wanted = Math.ceil(8 / parts)
  const down = within(Math.round(Math.sqrt((wanted * m) / n)), 1, Math.min(wanted, Math.ceil(m / 6)))
  const across = within(Math.ceil(wanted / down), 1, Math.ceil(n / 16))
  return [up(Math.ceil(m / down), 6), up(Math.ceil(n / across), 16)]
}

/** C = the transpose of A (k, m) times B (k, n). */
export const multiplyTransposed = (machine: Machine, product: Product): void => {
  const { a, b, c, m, n, k } = product
  const parts = Math.ceil(k / DEPTH)
  const depth = Math.min(k, DEPTH)
  const [rows, columns] = transposedBlocks(m, n, parts)
  const chunks = parts * Math.ceil(m / rows) * Math.ceil(n / columns)
  const into = (out: number) =>
    machine.scratchPerThread((EDGE + (rows + columns) * depth) * 4, (space, stride) => {
      const parameters = [a, b, out, m, n, k, depth, rows, columns, space, stride, Number(machine.wide)]
      machine.run("transposedProduct", chunks, m * n * k, parameters)
    })
  if (parts === 1) into(c)
  else {
    machine.scratch(parts * m * n, (sums) => {
      into(sums)
      machine.run("addParts", Math.ceil((m * n) / 4096), parts * m * n, [sums, c, m * n, parts])
    })
  }
}

/** One product of two matrices (leading dimensions 1, or A's and B's alike); others are left to JavaScript. */
export const batchMatMul: Kernel = {
  name: tf.BatchMatMul,
  compute: (backend, inputs, attributes) => {
    const [a, b] = [inputs.a!, inputs.b!]
    const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean }
    const batch = a.shape.slice(0, -2)
    if (a.dtype !== "float32" || b.dtype !== "float32") return undefined
    if (batch.join() !== b.shape.slice(0, -2).join() || (transposeA && transposeB)) return undefined
    const [rows, columns] = a.shape.slice(-2) as [number, number]
    const [m, k] = transposeA ? [columns, rows] : [rows, columns]
    const n = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!
    if (m * n * k === 0) return undefined
    const output = backend.allocate([...batch, m, n])
    const [at, bt, ct] = [backend.address(a), backend.address(b), backend.address(output)]
    for (let i = 0; i < tf.util.sizeFromShape(batch); i++) {
      const product = { a: at + i * m * k * 4, b: bt + i * k * n * 4, c: ct + i * m * n * 4, m, n, k }
      if (transposeA) multiplyTransposed(backend.machine, product)
      else multiply(backend.machine, product, transposeB)
    }
    return output
  }
}
