/**
 * Keras weights in HDF5. The legacy layout (`layer_names` and `weight_names` as attributes; the published files of
 * keras.applications, and `model.save("x.h5")` with its weights below `model_weights`) names every layer. Keras 3's
 * `.weights.h5` (`layers/<class>_<number>/vars/<i>`) counts the layers of a class; newer ones carry the name beside.
 */
import * as Effect from "effect/Effect"
import { Dataset, type Entity, File, Group, ready } from "h5wasm"
import { WeightFileError } from "../errors.ts"
import type { HostTensor, TensorFile } from "./safetensors.ts"

const fail = (place: string, message: string, tensor?: string) =>
  new WeightFileError({ tensor, message: `${place}: ${message}` })

const damaged = "The file is damaged or cut short: fetch it again."

/** A list of strings in an attribute, or cut into `name0`, `name1`, ... where it was too long for one. */
const strings = (group: Group, name: string): ReadonlyArray<string> | undefined => {
  const { attrs } = group
  const read = (key: string) => [attrs[key]!.value ?? []].flat().map(String)
  if (attrs[name]) return read(name)
  const parts: Array<string> = []
  for (let i = 0; attrs[`${name}${i}`]; i++) parts.push(...read(`${name}${i}`))
  return attrs[`${name}0`] ? parts : undefined
}

const tensorOf = (entity: Entity | null, name: string, place: string): HostTensor => {
  if (!(entity instanceof Dataset)) throw fail(place, `tensor "${name}" is named and not there. ${damaged}`, name)
  const { shape, metadata } = entity
  const isFloat = metadata.type === 1 && (metadata.size === 4 || metadata.size === 8)
  if (!isFloat || shape === null || entity.attrs.dtype?.value === "bfloat16") {
    throw fail(place, `tensor "${name}" is not of float32. Save the model in float32.`, name)
  }
  const { value } = entity
  const count = shape.reduce((product, size) => product * size, 1)
  const numbers = typeof value === "number" ? [value] : (value as ArrayLike<number> | null)
  if (numbers?.length !== count)
    throw fail(place, `tensor "${name}" of shape [${shape}] cannot be read. ${damaged}`, name)
  return { shape, data: Float32Array.from(numbers) }
}

/** More weights than any one layer of these networks has: then the layer is a model, whose layers the weights name. */
const isNested = (weights: ReadonlyArray<string>): boolean => weights.length > 4

const legacy = (root: Group, layers: ReadonlyArray<string>, place: string): Map<string, HostTensor> => {
  const tensors = new Map<string, HostTensor>()
  for (const layer of layers) {
    const group = root.get(layer)
    if (!(group instanceof Group)) throw fail(place, `layer "${layer}" is named and not there. ${damaged}`)
    const weights = strings(group, "weight_names") ?? []
    for (const weight of weights) {
      const parts = weight.replace(/:\d+$/, "").split("/")
      const owner = isNested(weights) && parts.length > 1 ? parts.at(-2)! : layer
      const name = `${owner}/${parts.at(-1)!}`
      if (tensors.has(name)) throw fail(place, `tensor "${name}" is there twice.`, name)
      tensors.set(name, tensorOf(group.get(weight), name, place))
    }
  }
  return tensors
}

/** Names are `<layer>/<i>`, by the layer's own name where the file has it. */
const keras3 = (group: Group, place: string, tensors = new Map<string, HostTensor>()): Map<string, HostTensor> => {
  for (const child of group.keys()) {
    const entity = group.get(child)
    if (!(entity instanceof Group)) continue
    const inner = entity.get("layers")
    if (inner instanceof Group) keras3(inner, place, tensors)
    const vars = entity.get("vars")
    if (!(vars instanceof Group)) continue
    const own = vars.attrs.name?.value ?? entity.attrs.name?.value
    const layer = typeof own === "string" ? own : child
    for (const key of vars.keys()) {
      const name = `${layer}/${key}`
      if (tensors.has(name)) throw fail(place, `tensor "${name}" is there twice.`, name)
      tensors.set(name, tensorOf(vars.get(key), name, place))
    }
  }
  return tensors
}

const groupOf = (root: Group, ...names: ReadonlyArray<string>): Group | undefined => {
  for (const name of names) {
    const found = root.keys().includes(name) ? root.get(name) : null
    if (found instanceof Group) return found
  }
  return undefined
}

const parse = (file: Group, place: string): TensorFile => {
  const root = groupOf(file, "model_weights") ?? file
  const layers = strings(root, "layer_names")
  if (layers) return { tensors: legacy(root, layers, place), metadata: {} }
  const numbered = groupOf(root, "layers", "_layer_checkpoint_dependencies")
  if (!numbered) throw fail(place, "no Keras weights: neither layer_names nor layers. Save them with save_weights.")
  return { tensors: keras3(numbered, place), metadata: { keras: "3" } }
}

let opened = 0

/** Reads a whole file, out of memory: nothing is written to a disk. Tensors are named `layer/weight`, without ":0". */
export const readKerasH5 = (bytes: Uint8Array, place = "weights"): Effect.Effect<TensorFile, WeightFileError> =>
  Effect.tryPromise({
    try: async () => {
      const module = await ready
      // Errors of the library are thrown, not printed.
      module.activate_throwing_error_handler()
      const path = `weights-${opened++}.h5`
      module.FS.writeFile(path, bytes)
      let file: File | undefined
      try {
        file = new File(path, "r")
        return parse(file, place)
      } finally {
        file?.close()
        module.FS.unlink(path)
      }
    },
    catch: (error) =>
      error instanceof WeightFileError
        ? error
        : fail(place, `${(error instanceof Error ? error.message : String(error)).split("\n")[0]}. ${damaged}`)
  })
