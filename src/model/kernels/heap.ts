/**
 * Kernels as plain loops over typed arrays. Two backends keep their tensors in memory that JavaScript can see: `wasm`
 * (the module's heap) and `cpu` (an array per tensor); one loop serves both.
 */
import * as tf from "../tf.ts"

type Attributes = Record<string, unknown>

interface Memory {
  readonly view: (tensor: tf.TensorInfo) => Float32Array
  readonly output: (shape: Array<number>) => tf.TensorInfo
}

interface WasmBackend {
  readonly makeOutput: (shape: Array<number>, dtype: "float32") => tf.TensorInfo
  readonly typedArrayFromHeap: (tensor: tf.TensorInfo) => Float32Array
}

interface CpuBackend {
  readonly makeTensorInfo: (shape: Array<number>, dtype: "float32", values: Float32Array) => tf.TensorInfo
  readonly data: { readonly get: (id: object) => { readonly values: Float32Array } }
}

export type HeapBackendName = "wasm" | "cpu"

const memoryOf = (name: HeapBackendName, backend: unknown): Memory => {
  if (name === "wasm") {
    const wasm = backend as WasmBackend
    return {
      view: (tensor) => wasm.typedArrayFromHeap(tensor),
      output: (shape) => wasm.makeOutput(shape, "float32")
    }
  }
  const cpu = backend as CpuBackend
  return {
    view: (tensor) => cpu.data.get(tensor.dataId).values,
    output: (shape) => cpu.makeTensorInfo(shape, "float32", new Float32Array(tf.util.sizeFromShape(shape)))
  }
}

type Shapes = Record<string, ReadonlyArray<number>>

/** A kernel: the shapes of its outputs, and the loop that fills them. Outputs arrive with arbitrary content. */
export interface HeapKernel {
  readonly name: string
  readonly outputs: (shapes: Shapes, attributes: Attributes) => ReadonlyArray<ReadonlyArray<number>>
  readonly run: (
    inputs: Record<string, Float32Array>,
    outputs: ReadonlyArray<Float32Array>,
    shapes: Shapes,
    attributes: Attributes
  ) => void
}

export const registerHeapKernel = (kernel: HeapKernel, backendName: HeapBackendName): void => {
  tf.registerKernel({
    kernelName: kernel.name,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const memory = memoryOf(backendName, backend)
      const attributes = (attrs ?? {}) as Attributes
      const given = inputs as Record<string, tf.TensorInfo>
      const shapes = Object.fromEntries(Object.entries(given).map(([name, { shape }]) => [name, shape]))
      const results = kernel.outputs(shapes, attributes).map((shape) => memory.output([...shape]))
      // Views only now: an allocation may grow the heap, which detaches every view taken before.
      const views = Object.fromEntries(Object.entries(given).map(([name, tensor]) => [name, memory.view(tensor)]))
      kernel.run(views, results.map(memory.view), shapes, attributes)
      return results.length === 1 ? results[0]! : results
    }
  })
}
