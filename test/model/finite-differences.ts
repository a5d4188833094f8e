/** What checks of gradients share: numbers, products, the central difference, and the backends that are checked. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { openBackend } from "../../src/model/backends/open.ts"
import { composedKernelNames, registerComposedKernels } from "../../src/model/kernels/composed.ts"
import * as tf from "../../src/model/tf.ts"
import { generator } from "../../src/random/generator.ts"

export const numbers = (key: string, seed: number, shape: ReadonlyArray<number>): Array<number> => {
  const random = generator("kernel test", key, seed)
  return Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal())
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0)

export const length = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a))

/** Central difference of the float64 function along `direction`. */
export const difference = (
  f: (x: Array<number>) => number,
  x: ReadonlyArray<number>,
  direction: ReadonlyArray<number>,
  h = 1e-5
): number => {
  const at = (sign: number) => f(x.map((value, i) => value + sign * h * direction[i]!))
  return (at(1) - at(-1)) / (2 * h)
}

/** To the rounding of float32 sums of this size. */
export const close = (actual: number, expected: number, scale: number): void =>
  assert.isAtMost(Math.abs(actual - expected), 2e-5 * (scale + 1e-3))

/** `composed`: the cpu backend once more, with the kernels that backends without visible memory get. */
export const checked = ["simd", "wasm", "cpu", "composed"] as const

export const open = async (backend: (typeof checked)[number]): Promise<void> => {
  if (backend !== "composed") {
    await Effect.runPromise(openBackend(backend))
    return
  }
  await Effect.runPromise(openBackend("cpu"))
  if (!tf.findBackend("composed")) {
    tf.registerBackend("composed", tf.findBackendFactory("cpu"))
    const names = new Set<string>()
    tf.copyRegisteredKernels("cpu", "composed")
    for (const { kernelName } of tf.getKernelsForBackend("composed")) names.add(kernelName)
    for (const name of composedKernelNames) if (names.has(name)) tf.unregisterKernel(name, "composed")
    registerComposedKernels("composed")
  }
  await tf.setBackend("composed")
}
