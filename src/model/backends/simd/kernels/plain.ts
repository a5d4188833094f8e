/** Kernels of the model that are plain loops on this backend too: they take a small share of a step. */
import { reluGradient } from "../../../kernels/elementwise.ts"
import type { HeapKernel } from "../../../kernels/heap.ts"
import { maxPool, maxPoolGradient } from "../../../kernels/max-pool.ts"
import type { Kernel } from "./kernel.ts"
import { size } from "./kernel.ts"

const fromLoop = ({ name, outputs, run }: HeapKernel): Kernel => ({
  name,
  compute: (backend, inputs, attributes) => {
    const given = Object.entries(inputs)
    const shapes = Object.fromEntries(given.map(([key, { shape }]) => [key, shape]))
    const results = outputs(shapes, attributes).map((shape) => backend.allocate(shape))
    const view = (tensor: { shape: Array<number> } & Parameters<typeof backend.address>[0]) =>
      backend.machine.space.floats(backend.address(tensor), size(tensor.shape))
    run(Object.fromEntries(given.map(([key, tensor]) => [key, view(tensor)])), results.map(view), shapes, attributes)
    return results.length === 1 ? results[0]! : results
  }
})

export const plain: ReadonlyArray<Kernel> = [reluGradient, maxPool, maxPoolGradient].map(fromLoop)
