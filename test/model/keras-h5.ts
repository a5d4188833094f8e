/** Keras HDF5 files for the tests, in the layouts that Keras writes. */
import { File, type Group, ready } from "h5wasm"
import type { HostTensor } from "../../src/model/weights/safetensors.ts"

export type Tensors = ReadonlyMap<string, HostTensor>

const written = async (write: (file: File) => void): Promise<Uint8Array> => {
  const { FS } = await ready
  const file = new File("written.h5", "w")
  write(file)
  file.close()
  const bytes = FS.readFile("written.h5")
  FS.unlink("written.h5")
  return bytes
}

const put = (group: Group, name: string, { shape, data }: HostTensor) =>
  group.create_dataset({ name, data: data.length > 0 ? data : new Float32Array(1), shape: [...shape] })

/** Tensors by the layer before the "/". */
const byLayer = (tensors: Tensors) => {
  const layers = new Map<string, Array<readonly [string, HostTensor]>>()
  for (const [name, tensor] of tensors) {
    const [layer, weight] = name.split("/") as [string, string]
    layers.set(layer, [...(layers.get(layer) ?? []), [weight, tensor]])
  }
  return layers
}

/** `model.save_weights("x.h5")` of Keras 2, or `model.save` with `group` "model_weights"; `parts` cuts the list of layers. */
export const legacyH5 = (tensors: Tensors, { group, parts = 1 }: { group?: string; parts?: number } = {}) =>
  written((file) => {
    const root = group === undefined ? file : file.create_group(group)
    const layers = ["input_1", ...byLayer(tensors).keys()]
    const size = Math.ceil(layers.length / parts)
    if (parts === 1) root.create_attribute("layer_names", layers)
    else
      for (let i = 0; i < parts; i++) root.create_attribute(`layer_names${i}`, layers.slice(i * size, (i + 1) * size))
    root.create_group("input_1")
    for (const [layer, weights] of byLayer(tensors)) {
      const own = root.create_group(layer)
      const inner = own.create_group(layer)
      own.create_attribute(
        "weight_names",
        weights.map(([weight]) => `${layer}/${weight}:0`)
      )
      for (const [weight, tensor] of weights) put(inner, `${weight}:0`, tensor)
    }
  })

const classOf = (weights: ReadonlyArray<readonly [string, HostTensor]>): string => {
  const names = weights.map(([name]) => name)
  if (names.includes("gamma")) return "batch_normalization"
  if (names.includes("depthwise_kernel")) return "depthwise_conv2d"
  return weights[0]![1].shape.length === 2 ? "dense" : "conv2d"
}

/** `model.save_weights("x.weights.h5")` of Keras 3; `named` adds the layers' names, as newer ones do. */
export const keras3H5 = (tensors: Tensors, { named }: { named: boolean }) =>
  written((file) => {
    const root = file.create_group("layers")
    const counts = new Map<string, number>()
    root.create_group("dropout").create_group("vars")
    for (const [layer, weights] of byLayer(tensors)) {
      const kind = classOf(weights)
      const count = counts.get(kind) ?? 0
      counts.set(kind, count + 1)
      const own = root.create_group(count === 0 ? kind : `${kind}_${count}`)
      const vars = own.create_group("vars")
      if (named) vars.create_attribute("name", layer)
      for (const [index, [, tensor]] of weights.entries()) put(vars, `${index}`, tensor)
    }
  })
