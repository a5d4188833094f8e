/** Where a step goes, and how fast its products are. */
import * as tf from "../../src/model/tf.ts"

export const round = (value: number): number => Math.round(value * 100) / 100

/** Milliseconds by kernel over `run`, largest first. */
export const profile = async (backendName: string, run: () => Promise<unknown>): Promise<Record<string, number>> => {
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
    const times = Array.from({ length: 20 }, () => {
      const start = performance.now()
      tf.matMul(a, b).dispose()
      return performance.now() - start
    })
    return round((2 * m * n * k) / Math.min(...times) / 1e6)
  })

/** b3's pointwise convolutions at this batch, expanding and projecting, beside one product that fills the caches well. */
export const rates = (batch: number): { readonly "GFLOP/s": Record<string, number>; readonly peak: number } => {
  const places = [
    [batch * 1024, 32, 192],
    [batch * 256, 48, 288],
    [batch * 64, 96, 576],
    [batch * 64, 816, 136],
    [batch * 16, 1392, 232],
    [batch * 16, 384, 1536]
  ] as const
  const all = places.map(([m, k, n]) => [`${m} x ${k} x ${n}`, productRate(m, k, n)] as const)
  return { "GFLOP/s": Object.fromEntries(all), peak: productRate(1536, 384, 512) }
}
