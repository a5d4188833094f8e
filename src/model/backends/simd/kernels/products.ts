/** Matrix products on addresses, and TensorFlow.js's BatchMatMul by them. */
import * as tf from "../../../tf.ts"
import type { Machine } from "../machine.ts"
import type { Kernel } from "./kernel.ts"

const up = (value: number, step: number): number => Math.ceil(value / step) * step

interface Product {
  readonly a: number
  readonly b: number
  readonly c: number
  /** C is (m, n); k is what is summed over. */
  readonly m: number
  readonly n: number
  readonly k: number
  readonly bias?: number
}

/** Rows of A in a chunk: about 256 KiB of A, and eight chunks at least where there are rows for them. */
const rowBlock = (m: number, k: number): number => {
  const cached = Math.min(240, Math.max(24, Math.floor(65536 / k)))
  return up(Math.max(6, Math.min(cached, Math.ceil(m / 8))), 6)
}

const packed = (machine: Machine, { b, n, k }: Product, transposed: boolean, use: (panels: number) => void): void =>
  machine.scratch(up(n, 8) * k, (panels) => {
    if (transposed) machine.run("packRows", Math.ceil(n / 8), n * k, [b, panels, k, n])
    else machine.run("packColumns", Math.ceil(k / 64), n * k, [b, panels, k, n])
    use(panels)
  })

/** C = A (m, k) times B (k, n), or times the transpose of B (n, k). */
export const multiply = (machine: Machine, product: Product, transposeB: boolean): void =>
  packed(machine, product, transposeB, (panels) => {
    const { a, c, m, n, k, bias = 0 } = product
    const block = rowBlock(m, k)
    machine.run("product", Math.ceil(m / block), m * n * k, [a, panels, c, m, n, k, block, bias])
  })

/** How much of k is summed in one go: a panel of B of that length (32 KiB) stays in the nearest cache. */
const DEPTH = 1024

/** C = the transpose of A (k, m) times B (k, n). */
export const multiplyTransposed = (machine: Machine, product: Product): void =>
  packed(machine, product, false, (panels) => {
    const { a, c, m, n, k } = product
    machine.scratch(up(m, 6) * k, (sixes) => {
      machine.run("packSixes", Math.ceil(k / 64), m * k, [a, sixes, k, m])
      const parts = Math.ceil(k / DEPTH)
      const block = up(Math.max(6, Math.min(96, Math.ceil((m * parts) / 8))), 6)
      const chunks = parts * Math.ceil(m / block)
      const into = (out: number) =>
        machine.run("transposedProduct", chunks, m * n * k, [sixes, panels, out, m, n, k, block, DEPTH])
      if (parts === 1) into(c)
      else {
        machine.scratch(parts * m * n, (sums) => {
          into(sums)
          machine.run("addParts", Math.ceil((m * n) / 4096), parts * m * n, [sums, c, m * n, parts])
        })
      }
    })
  })

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
