/** Which of the two tiles is the faster one here; both give the same bits (kernels/assembly/tile.ts). */
import type { Machine } from "./machine.ts"

const [M, N, K] = [96, 64, 256]
/** How much faster the wide tile must be: joined it is twice as fast, and slower where the engine does not join it. */
const GAIN = 1.25

/** Times a small product on this thread, a fraction of a millisecond, a few times with each tile. */
export const isWideFaster = (machine: Machine): boolean =>
  machine.scratch(M * K + K * N + M * N, (a) => {
    const [b, c] = [a + M * K * 4, a + (M * K + K * N) * 4]
    machine.space.floats(a, M * K + K * N).fill(1)
    const time = (wide: boolean): number =>
      machine.scratch(96 + K * N, (space) => {
        const start = performance.now()
        machine.run("product", 1, 0, [a, b, c, M, N, K, M, N, 0, space, 0, 0, wide ? 1 : 0, 0])
        return performance.now() - start
      })
    const times = Array.from({ length: 6 }, () => [time(false), time(true)] as const)
    const least = (which: 0 | 1): number => Math.min(...times.map((pair) => pair[which]))
    return least(0) > GAIN * least(1)
  })
