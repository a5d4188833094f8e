/**
 * The safetensors format (https://huggingface.co/docs/safetensors): u64 little-endian header length, a JSON header of
 * name -> { dtype, shape, data_offsets }, then the raw numbers. What a file claims is checked before anything is read:
 * offsets inside the file, without gap or overlap, and as long as dtype and shape say.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { WeightFileError } from "../errors.ts"
import { halfToFloat } from "./float16.ts"

/** Numbers as they stand in a file, row-major, PyTorch's layout. */
export interface HostTensor {
  readonly shape: ReadonlyArray<number>
  readonly data: Float32Array
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, HostTensor>
  readonly metadata: Readonly<Record<string, string>>
}

const headerLimit = 100_000_000

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Entry = Schema.Struct({
  dtype: Schema.String,
  shape: Schema.Array(Count),
  data_offsets: Schema.Tuple([Count, Count])
})
const Header = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))
const Metadata = Schema.Record(Schema.String, Schema.String)

/** Bytes per number, and how to widen one to float32. */
export const formats: Record<string, { readonly size: number; readonly read: (view: DataView, at: number) => number }> =
  {
    F64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
    F32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
    F16: { size: 2, read: (view, at) => halfToFloat(view.getUint16(at, true)) },
    BF16: {
      size: 2,
      read: (view, at) => {
        const wide = new DataView(new ArrayBuffer(4))
        wide.setUint32(0, view.getUint16(at, true) * 65536)
        return wide.getFloat32(0)
      }
    },
    I64: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
    I32: { size: 4, read: (view, at) => view.getInt32(at, true) },
    U8: { size: 1, read: (view, at) => view.getUint8(at) }
  }

const fail = (message: string, tensor?: string) => new WeightFileError({ tensor, message })

const parse = (bytes: Uint8Array, place: string): TensorFile => {
  const mend = "The file is damaged or not a safetensors file: fetch it again."
  if (bytes.length < 8) throw fail(`${place}: ${bytes.length} bytes, too short for a header. ${mend}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = Number(view.getBigUint64(0, true))
  if (headerLength > headerLimit || 8 + headerLength > bytes.length) {
    throw fail(`${place}: header of ${headerLength} bytes in a file of ${bytes.length}. ${mend}`)
  }
  let header: Readonly<Record<string, unknown>>
  try {
    header = Schema.decodeUnknownSync(Header)(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + headerLength))
    )
  } catch {
    throw fail(`${place}: the header is not a JSON object. ${mend}`)
  }
  const body = bytes.length - 8 - headerLength
  const tensors = new Map<string, HostTensor>()
  const spans: Array<readonly [number, number, string]> = []
  const { __metadata__: metadata = {}, ...entries } = header
  if (!Schema.is(Metadata)(metadata)) throw fail(`${place}: __metadata__ is not a table of strings. ${mend}`)
  for (const [name, raw] of Object.entries(entries)) {
    if (!Schema.is(Entry)(raw)) throw fail(`${place}: tensor "${name}" has a malformed header entry. ${mend}`, name)
    const format = formats[raw.dtype]
    if (!format) {
      const known = Object.keys(formats).join(", ")
      throw fail(`${place}: tensor "${name}" has dtype ${raw.dtype}; readable are ${known}. Convert it.`, name)
    }
    const [start, end] = raw.data_offsets
    const count = raw.shape.reduce((product, size) => product * size, 1)
    if (end > body || start > end) {
      const claim = `tensor "${name}" is said to lie at ${start}..${end} of ${body} bytes of data`
      throw fail(`${place}: ${claim}. The file is cut short, or its header lies: fetch it again.`, name)
    }
    if (end - start !== count * format.size) {
      const claim = `tensor "${name}" of shape [${raw.shape}] needs ${count * format.size} bytes and has ${end - start}`
      throw fail(`${place}: ${claim}. ${mend}`, name)
    }
    spans.push([start, end, name])
    const data = new Float32Array(count)
    const at = 8 + headerLength + start
    if (raw.dtype === "F32") new Uint8Array(data.buffer).set(bytes.subarray(at, at + 4 * count))
    else for (let i = 0; i < count; i++) data[i] = format.read(view, at + i * format.size)
    tensors.set(name, { shape: raw.shape, data })
  }
  let reached = 0
  for (const [start, end, name] of spans.sort(([a, x], [b, y]) => a - b || x - y)) {
    if (start !== reached) {
      throw fail(`${place}: a ${start < reached ? "overlap" : "gap"} before tensor "${name}". ${mend}`, name)
    }
    reached = end
  }
  if (reached !== body) throw fail(`${place}: ${body - reached} bytes after the last tensor. ${mend}`)
  return { tensors, metadata }
}

/** Reads a whole file; every number type is widened to float32. `place` names the file in errors. */
export const readSafetensors = (bytes: Uint8Array, place = "weights"): Effect.Effect<TensorFile, WeightFileError> =>
  reading(parse, bytes, place)

/** A parser that throws, as an effect that fails. */
export const reading = (
  parse: (bytes: Uint8Array, place: string) => TensorFile,
  bytes: Uint8Array,
  place: string
): Effect.Effect<TensorFile, WeightFileError> =>
  Effect.try({
    try: () => parse(bytes, place),
    catch: (error) => (error instanceof WeightFileError ? error : fail(`${place}: ${error}`))
  })

/** Writes float32 tensors in the order of the map: equal content gives equal bytes. */
export const writeSafetensors = ({ tensors, metadata }: TensorFile): Uint8Array => {
  let offset = 0
  const header: Record<string, unknown> = Object.keys(metadata).length ? { __metadata__: metadata } : {}
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + headerLength + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true)
  bytes.fill(0x20, 8, 8 + headerLength)
  bytes.set(text, 8)
  let at = 8 + headerLength
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return bytes
}
