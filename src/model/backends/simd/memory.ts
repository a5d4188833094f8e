/**
 * Space for tensors in one shared WebAssembly memory. What is freed is used again: sizes up to 4 MiB by class, larger
 * ones (activations, all of them given back by the end of a step) by the smallest gap that fits, neighbouring gaps
 * being one. A training loop, whose steps ask for the same sizes, takes nothing new after its first steps.
 */
import { BackendError } from "../../errors.ts"
import { type Memory, WebAssembly } from "./webassembly.ts"

const PAGE = 65536
/** 4 GiB: all that 32-bit addresses reach, and what the modules are compiled for. */
const MAXIMUM_PAGES = 65536
/** The job and the modules' own data lie below (kernels/assembly/job.ts). */
const FIRST = PAGE
/** Growing asks the system for address space only; 16 MiB at a time keep the number of calls low. */
const GROWTH_PAGES = 256
/** The largest class. Classes are cut from slabs, which stay theirs. */
const SMALL = 4 << 20
const SLAB = 16 << 20

/** `bytes` rounded up to k * 2^n with k from 8 to 15, and to whole cache lines; large ones to 4 KiB. */
export const roundedSize = (bytes: number): number => {
  if (bytes > SMALL) return Math.ceil(bytes / 4096) * 4096
  const lines = Math.max(64, Math.ceil(bytes / 64) * 64)
  if (lines <= 512) return lines
  const unit = 2 ** (Math.floor(Math.log2(lines)) - 3)
  return Math.ceil(lines / unit) * unit
}

export class SharedSpace {
  readonly memory: Memory
  private readonly classes = new Map<number, Array<number>>()
  private slab = 0
  private slabEnd = 0
  /** Gaps below `top`, by address; none touches another. */
  private readonly starts: Array<number> = []
  private readonly sizes: Array<number> = []
  private top = FIRST
  private end: number
  private buffer: SharedArrayBuffer

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: GROWTH_PAGES, maximum: MAXIMUM_PAGES, shared: true })
    this.buffer = this.memory.buffer
    this.end = this.buffer.byteLength
  }

  /** The most bytes that have been in use, with the gaps between them. */
  get taken(): number {
    return this.top - FIRST
  }

  /** An address with room for `bytes`, whatever they hold. @throws BackendError where 4 GiB are not enough */
  allocate(bytes: number): number {
    const size = roundedSize(bytes)
    return size > SMALL ? this.large(size) : this.small(size)
  }

  release(address: number, bytes: number): void {
    const size = roundedSize(bytes)
    if (size > SMALL) this.addGap(address, size)
    else this.classes.get(size)!.push(address)
  }

  /** Views stay valid when the memory grows: it is shared, so that its old buffer is not detached. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.buffer, address, length)
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.buffer, address, length)
  }

  private small(size: number): number {
    const free = this.classes.get(size)
    const known = free?.pop()
    if (known !== undefined) return known
    if (!free) this.classes.set(size, [])
    if (this.slab + size > this.slabEnd) {
      this.slab = this.large(SLAB)
      this.slabEnd = this.slab + SLAB
    }
    this.slab += size
    return this.slab - size
  }

  private large(size: number): number {
    let best = -1
    for (const [i, gap] of this.sizes.entries()) {
      if (gap >= size && (best < 0 || gap < this.sizes[best]!)) best = i
    }
    if (best >= 0) {
      const address = this.starts[best]!
      if (this.sizes[best] === size) {
        this.starts.splice(best, 1)
        this.sizes.splice(best, 1)
      } else {
        this.starts[best] = address + size
        this.sizes[best]! -= size
      }
      return address
    }
    // A gap at the end, too small as it is, is where the new space begins.
    const last = this.starts.length - 1
    const open = last >= 0 && this.starts[last]! + this.sizes[last]! === this.top
    const address = open ? this.starts[last]! : this.top
    if (address + size > this.end) this.grow(address + size - this.end, size)
    if (open) {
      this.starts.pop()
      this.sizes.pop()
    }
    this.top = address + size
    return address
  }

  private addGap(address: number, size: number): void {
    let low = 0
    let high = this.starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.starts[middle]! < address) low = middle + 1
      else high = middle
    }
    const joinsNext = low < this.starts.length && address + size === this.starts[low]
    const joinsPrevious = low > 0 && this.starts[low - 1]! + this.sizes[low - 1]! === address
    if (joinsPrevious) {
      this.sizes[low - 1]! += size + (joinsNext ? this.sizes[low]! : 0)
      if (joinsNext) {
        this.starts.splice(low, 1)
        this.sizes.splice(low, 1)
      }
    } else if (joinsNext) {
      this.starts[low] = address
      this.sizes[low]! += size
    } else {
      this.starts.splice(low, 0, address)
      this.sizes.splice(low, 0, size)
    }
  }

  private grow(missing: number, size: number): void {
    const pages = Math.ceil(missing / PAGE)
    const room = MAXIMUM_PAGES - this.end / PAGE
    try {
      this.memory.grow(Math.max(pages, Math.min(GROWTH_PAGES, room)))
    } catch {
      const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`
      const message = `${mebibytes(size)} for a tensor, beside the ${mebibytes(this.taken)} of the others, do not fit into 4 GiB or into this machine's memory. Choose a smaller batch.`
      throw new BackendError({ backend: "simd", message })
    }
    this.buffer = this.memory.buffer
    this.end = this.buffer.byteLength
  }
}
