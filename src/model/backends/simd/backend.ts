/**
 * TensorFlow.js's plain JavaScript backend with its float32 tensors brought into a WebAssembly memory once a kernel of
 * ours wants them there. Kernels that this backend does not have are the JavaScript ones, over the same memory.
 */
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu"
import * as tf from "../../tf.ts"
import type { Machine } from "./machine.ts"

type Entry = ReturnType<MathBackendCPU["data"]["get"]>

/** Where a tensor's numbers lie in the memory. */
interface Place {
  readonly address: number
  readonly bytes: number
}

const isShared = (values: unknown): values is Float32Array =>
  ArrayBuffer.isView(values) && values.buffer instanceof SharedArrayBuffer

export class SimdBackend extends MathBackendCPU {
  readonly machine: Machine
  private readonly places = new WeakMap<Entry, Place>()

  constructor(machine: Machine) {
    super()
    this.machine = machine
    // The parent's first write advises to install a native backend.
    Object.assign(this, { firstUse: false })
  }

  /** A float32 tensor in the memory, with arbitrary content. */
  allocate(shape: ReadonlyArray<number>): tf.TensorInfo {
    const length = tf.util.sizeFromShape([...shape])
    const { space } = this.machine
    const address = space.allocate(length * 4)
    const dataId = super.write(space.floats(address, length), [...shape], "float32")
    this.places.set(this.data.get(dataId), { address, bytes: length * 4 })
    return { dataId, shape: [...shape], dtype: "float32" }
  }

  /** The address of a float32 tensor, which is copied into the memory if it is not there yet. */
  address({ dataId }: tf.TensorInfo): number {
    const entry = this.data.get(dataId)
    const known = this.places.get(entry)
    if (known) return known.address
    const values = entry.values as Float32Array
    const { space } = this.machine
    const bytes = values.length * 4
    const address = space.allocate(bytes)
    const view = space.floats(address, values.length)
    view.set(values)
    entry.values = view
    this.places.set(entry, { address, bytes })
    return address
  }

  /** JavaScript kernels may hand on a part of their input: it must not change when the input's space is used again. */
  override write(values: tf.backend_util.BackendValues, shape: Array<number>, dtype: tf.DataType): object {
    return super.write(isShared(values) ? values.slice() : values, shape, dtype)
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: Array<number>,
    dtype: tf.DataType,
    refCount: number
  ): void {
    super.move(dataId, isShared(values) ? values.slice() : values, shape, dtype, refCount)
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const values = super.readSync(dataId)
    return isShared(values) ? values.slice() : values
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry = this.data.has(dataId) ? this.data.get(dataId) : undefined
    const gone = super.disposeData(dataId, force)
    const place = entry && gone ? this.places.get(entry) : undefined
    if (place) {
      this.places.delete(entry!)
      this.machine.space.release(place.address, place.bytes)
    }
    return gone
  }

  override memory(): { unreliable: boolean; reasons: Array<string> } {
    return { unreliable: false, reasons: [] }
  }
}
