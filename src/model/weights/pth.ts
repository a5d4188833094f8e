/** PyTorch state dicts (`torch.save` since 1.6): a zip with a pickle and one file per storage. No pickled code is run. */
import { WeightFileError } from "../errors.ts"
import { readPickle } from "./pickle.ts"
import { formats, type HostTensor, type TensorFile } from "./safetensors.ts"
import { zipEntries } from "./zip.ts"

/** The number type, as safetensors names it, of every storage class. */
const storages: Record<string, string> = {
  FloatStorage: "F32",
  DoubleStorage: "F64",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ByteStorage: "U8"
}

class Storage {
  readonly data: Float32Array
  constructor(data: Float32Array) {
    this.data = data
  }
}

const counts = (value: unknown): ReadonlyArray<number> => {
  if (Array.isArray(value) && value.every((n) => Number.isInteger(n) && n >= 0)) return value
  throw new Error("a shape that is none")
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, ...)`, gathered into row-major order. */
const rebuild = ([storage, offset, size, stride]: ReadonlyArray<unknown>): HostTensor => {
  const [shape, strides] = [counts(size), counts(stride)]
  const [start] = counts([offset])
  if (!(storage instanceof Storage) || shape.length !== strides.length) throw new Error("a malformed tensor")
  const count = shape.reduce((product, n) => product * n, 1)
  const last = shape.reduce((sum, n, axis) => sum + Math.max(0, n - 1) * strides[axis]!, start!)
  if (count > 0 && Math.max(last + 1, count) > storage.data.length) throw new Error("a tensor larger than its storage")
  const data = new Float32Array(count)
  const index = shape.map(() => 0)
  for (let i = 0, from = start!; i < count; i++) {
    data[i] = storage.data[from]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return { shape, data }
}

/** The one command that turns a file this reader refuses into one that it takes. */
export const convertCommand = (place: string): string =>
  `python3 -c "import torch, safetensors.torch as s; d = torch.load('${place}', map_location='cpu', weights_only=True); s.save_file({k: v.contiguous() for k, v in d.items()}, '${place}.safetensors')"`

/** Throws WeightFileError. */
export const parsePth = (bytes: Uint8Array, place: string): TensorFile => {
  const refuse = (fault: string) =>
    new WeightFileError({
      tensor: undefined,
      message: `${place}: ${fault}. If you trust the file, convert it: ${convertCommand(place)}`
    })
  const entries = zipEntries(bytes, place)
  if (entries.has("model.weights.h5")) {
    const message = `${place}: a .keras archive. Take its weights out, and give these: unzip ${place} model.weights.h5`
    throw new WeightFileError({ tensor: undefined, message })
  }
  const pickleName = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name))
  if (!pickleName) throw refuse("no data.pkl in the archive, so it is no state dict")
  const folder = pickleName.slice(0, -"data.pkl".length)
  const order = entries.get(`${folder}byteorder`)
  if (order && new TextDecoder().decode(order) !== "little") throw refuse("its numbers are big-endian")

  const cache = new Map<string, Storage>()
  const persistent = (id: unknown): Storage => {
    const [tag, dtype, key] = Array.isArray(id) ? id : []
    const file = entries.get(`${folder}data/${key}`)
    const format = typeof dtype === "string" ? formats[dtype] : undefined
    if (tag !== "storage" || !file || !format) throw new Error(`no storage ${String(key)}`)
    const known = cache.get(String(key))
    if (known) return known
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
    const length = Math.floor(file.length / format.size)
    const storage = new Storage(Float32Array.from({ length }, (_, i) => format.read(view, i * format.size)))
    cache.set(String(key), storage)
    return storage
  }
  const allowed: Record<string, (args: ReadonlyArray<unknown>) => unknown> = {
    "collections.OrderedDict": () => new Map(),
    "torch._utils._rebuild_tensor_v2": rebuild,
    "torch._utils._rebuild_parameter": ([tensor]) => tensor
  }
  let dict: unknown
  try {
    dict = readPickle(entries.get(pickleName)!, { allowed, persistent, classes: storageClasses })
  } catch (error) {
    throw refuse((error as Error).message)
  }
  if (!(dict instanceof Map)) throw refuse("it is not a dictionary of tensors")
  const tensors = new Map<string, HostTensor>()
  for (const [name, value] of dict) {
    const isTensor = typeof value === "object" && value !== null && "data" in value && "shape" in value
    if (typeof name !== "string" || !isTensor) throw refuse(`entry "${String(name)}" is not a tensor`)
    tensors.set(name, value as HostTensor)
  }
  return { tensors, metadata: {} }
}

const storageClasses: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(storages).map(([name, dtype]) => [`torch.${name}`, dtype])
)
