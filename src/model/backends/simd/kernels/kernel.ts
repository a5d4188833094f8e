/** What kernels of this backend share. */
import * as tf from "../../../tf.ts"
import type { SimdBackend } from "../backend.ts"

export type Shape4 = [number, number, number, number]
export type Inputs = Readonly<Record<string, tf.TensorInfo>>
export type Attributes = Readonly<Record<string, unknown>>

export interface Kernel {
  readonly name: string
  /** Undefined where this kernel does not know the case: the JavaScript kernel takes it. */
  readonly compute: (
    backend: SimdBackend,
    inputs: Inputs,
    attributes: Attributes
  ) => tf.TensorInfo | Array<tf.TensorInfo> | undefined
}

export const size = (shape: ReadonlyArray<number>): number => tf.util.sizeFromShape([...shape])

/** The same numbers under another shape: another name for the same data, to be disposed of on its own. */
export const reshaped = (backend: SimdBackend, tensor: tf.TensorInfo, shape: ReadonlyArray<number>): tf.TensorInfo => {
  backend.incRef(tensor.dataId)
  return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype }
}

/** Numbers in a chunk of an elementwise job: 64 KiB of each of its arrays. */
export const ELEMENTS = 1 << 14

/** Rows in a chunk of about ELEMENTS numbers. */
export const rowsPerChunk = (channels: number): number => Math.max(1, Math.floor(ELEMENTS / channels))
