/**
 * The job that all threads work on. It lies at a fixed place of the shared memory: a main thread writes it, and every
 * thread takes chunks of it by ticket. What a chunk is follows from the job's shapes alone, so that results do not
 * depend on how many threads there are, nor on who takes which chunk.
 */

// Bytes from the start of the memory; src/model/backends/simd/machine.ts writes the same places.
const KERNEL: usize = 1024
const CHUNKS: usize = 1028
const INTEGERS: usize = 1280
const FLOATS: usize = 1536
// A cache line each: threads write them.
const REMAINING: usize = 1088
const DONE: usize = 1152
const EPOCH: usize = 1216

export function kernel(): i32 {
  return load<i32>(KERNEL)
}

export function chunks(): i32 {
  return load<i32>(CHUNKS)
}

/** The job's argument i: a size, a flag or the address of a buffer. */
export function int(i: i32): i32 {
  return load<i32>(INTEGERS + ((<usize>i) << 2))
}

export function address(i: i32): usize {
  return <usize>load<u32>(INTEGERS + ((<usize>i) << 2))
}

export function float(i: i32): f32 {
  return load<f32>(FLOATS + ((<usize>i) << 2))
}

/**
 * A chunk to do, or -1 where all are given out. The job may only be read with a ticket in hand: until its chunk is done
 * the main thread writes no other job.
 */
export function take(): i32 {
  const left = atomic.sub<i32>(REMAINING, 1)
  return left > 0 ? chunks() - left : -1
}

export function finish(): void {
  if (atomic.add<i32>(DONE, 1) + 1 === chunks()) atomic.notify(DONE, 1)
}

export function publish(): void {
  atomic.store<i32>(DONE, 0)
  atomic.store<i32>(REMAINING, chunks())
  atomic.add<i32>(EPOCH, 1)
  atomic.notify(EPOCH, -1)
}

export function awaitDone(): void {
  const all = chunks()
  for (let spin = 0; spin < 2000; spin++) if (atomic.load<i32>(DONE) === all) return
  for (;;) {
    const done = atomic.load<i32>(DONE)
    if (done === all) return
    atomic.wait<i32>(DONE, done, 1000000)
  }
}

export function epoch(): i32 {
  return atomic.load<i32>(EPOCH)
}

/** Until the next job; a short look first, since jobs follow each other closely within a step. */
export function awaitEpoch(seen: i32): void {
  for (let spin = 0; spin < 4000; spin++) if (atomic.load<i32>(EPOCH) !== seen) return
  atomic.wait<i32>(EPOCH, seen, -1)
}
