/** The compiled kernels over a shared memory, and the jobs given to them. */

import { compile } from "./compile.ts"
import { SharedSpace } from "./memory.ts"
import { plainModule, relaxedModule } from "./modules.ts"
import { isWideFaster } from "./probe.ts"
import { type Module, WebAssembly } from "./webassembly.ts"
import { startWorkers } from "./workers.ts"

/** In the order of kernels/assembly/index.ts. */
export const kernelNames = [
  "product",
  "transposedProduct",
  "addParts",
  "depthwise",
  "depthwiseInput",
  "depthwiseFilter",
  "momentParts",
  "gradientParts",
  "momentTotals",
  "affineFactors",
  "gradientTotals",
  "inputFactors",
  "affine",
  "inputGradient",
  "binary",
  "unary",
  "swishGradient",
  "adam",
  "pool",
  "gate",
  "patches",
  "scatterPatches",
  "depthwiseTiles"
] as const
export type KernelName = (typeof kernelNames)[number]

const numbers = Object.fromEntries(kernelNames.map((name, index) => [name, index])) as Record<KernelName, number>

// Where kernels/assembly/job.ts reads the job.
const JOB = 1024
const INTEGERS = 1280
const FLOATS = 1536

interface Exports {
  readonly run: (alone: boolean) => void
  readonly fused: () => number
}

/** A chunk below which waking another thread costs more than it brings, in multiplications or numbers moved. */
const SMALL = 1 << 15

export class Machine {
  readonly space = new SharedSpace()
  /** "relaxed" with a fused multiply and add, "relaxed-split" where the machine has none, or "plain". */
  readonly build: string
  readonly threads: number
  /** Whether products go by tiles of 16 columns: where the engine was seen to be faster with them. */
  readonly wide: boolean
  private readonly exports: Exports
  private readonly job: Int32Array
  private readonly integers: Int32Array
  private readonly floats: Float32Array
  private readonly stop: () => Promise<void>

  private constructor(module: Module, relaxed: boolean, threads: number, wide: boolean) {
    const { memory } = this.space
    this.exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports
    this.build = relaxed ? (this.exports.fused() ? "relaxed" : "relaxed-split") : "plain"
    this.threads = threads
    this.job = this.space.integers(JOB, 2)
    this.integers = this.space.integers(INTEGERS, 32)
    this.floats = this.space.floats(FLOATS, 16)
    this.wide = wide && isWideFaster(this)
    this.stop = startWorkers(module, memory, threads - 1)
  }

  /**
   * @param wide whether the engine may join vectors of 128 bits (compile.ts)
   * @throws Error where the engine has no WebAssembly SIMD or no shared memory
   */
  static open(threads: number, build: "relaxed" | "plain" | "best" = "best", wide = true): Machine {
    const relaxed = Buffer.from(relaxedModule, "base64")
    if (build !== "plain" && WebAssembly.validate(relaxed)) {
      return new Machine(compile(relaxed, wide), true, threads, wide)
    }
    if (build === "relaxed") throw new Error("this engine has no relaxed SIMD")
    return new Machine(compile(Buffer.from(plainModule, "base64"), wide), false, threads, wide)
  }

  /**
   * Runs a kernel's chunks. @param effort the job's size in multiplications or numbers moved: a small one stays on this
   * thread
   */
  run(
    name: KernelName,
    chunks: number,
    effort: number,
    integers: ReadonlyArray<number>,
    floats?: ReadonlyArray<number>
  ): void {
    if (chunks <= 0) return
    this.job[0] = numbers[name]
    this.job[1] = chunks
    for (let i = 0; i < integers.length; i++) this.integers[i] = integers[i]!
    if (floats) for (let i = 0; i < floats.length; i++) this.floats[i] = floats[i]!
    this.exports.run(this.threads === 1 || effort < SMALL)
  }

  /** Runs `use` with a buffer of so many bytes for every thread, whole cache lines each. */
  scratchPerThread(bytes: number, use: (address: number, stride: number) => void): void {
    const stride = Math.ceil(bytes / 64) * 64
    this.scratch((stride / 4) * this.threads, (address) => use(address, stride))
  }

  /** Runs `use` with a buffer that is given back afterwards. */
  scratch<T>(length: number, use: (address: number) => T): T {
    const address = this.space.allocate(length * 4)
    try {
      return use(address)
    } finally {
      this.space.release(address, length * 4)
    }
  }

  /** Ends the workers. */
  close(): Promise<void> {
    return this.stop()
  }
}
