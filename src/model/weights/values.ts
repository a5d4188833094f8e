/** A network's weights outside any backend: the file form of our own checkpoints, and the way in from other families. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Family, families } from "../architecture/family.ts"
import { type NetworkPlan, type NetworkSettings, networkPlan } from "../architecture/network.ts"
import type { Leaf } from "../architecture/tree.ts"
import { weightTree } from "../architecture/tree.ts"
import { variants } from "../architecture/variants.ts"
import { WeightFileError } from "../errors.ts"
import { fileShape, toFile, toMemory } from "./layout.ts"
import { naming } from "./naming.ts"
import { type HostTensor, readSafetensors, type TensorFile, writeSafetensors } from "./safetensors.ts"

/** By our name, in memory layout. */
export type Values = ReadonlyMap<string, Float32Array>

const Settings = Schema.fromJsonString(
  Schema.Struct({
    variant: Schema.Literals(variants),
    family: Schema.Literals(families),
    head: Schema.Literals(["original", "plain"])
  })
)

/** The names that a family's files give to the leaves of a plan, in the plan's order. */
const familyNames = ({ architecture, settings }: NetworkPlan, family: Family): ReadonlyArray<string> => {
  const names: Array<string> = []
  weightTree(architecture, settings.head, naming(family, architecture.blocks.at(-1)!.stage + 1), ({ name }) => {
    names.push(name)
  })
  return names
}

const isClassifier = (leaf: Leaf, plan: NetworkPlan): boolean => {
  const { classifier, pooled } = plan.leaves
  return [classifier.kernel, classifier.bias, ...Object.values(pooled ?? {})].some(({ name }) => name === leaf.name)
}

const shapeText = (shape: ReadonlyArray<number>) => `[${shape.join(", ")}]`

export interface Taken {
  readonly values: Values
  /** Names (ours) of the weights that the file does not give, all of them of the head. */
  readonly absent: ReadonlyArray<string>
}

/**
 * Fits a file's tensors to the network, checked by name and shape. The head may differ (a file of ImageNet has 1,000
 * classes): with `newHead` a classifier of another shape, or none, is left out and reported as absent.
 */
export const takeValues = (
  plan: NetworkPlan,
  file: TensorFile,
  { family, newHead, place = "weights" }: { family: Family; newHead: boolean; place?: string }
): Effect.Effect<Taken, WeightFileError> =>
  Effect.gen(function* () {
    const names = familyNames(plan, family)
    const values = new Map<string, Float32Array>()
    const absent: Array<string> = []
    const known = new Set(names)
    for (const name of file.tensors.keys()) {
      if (known.has(name) || name.endsWith("num_batches_tracked")) continue
      const message = `${place}: tensor "${name}" has no place in ${plan.settings.variant} (${family} names). Is the variant or the family another?`
      return yield* new WeightFileError({ tensor: name, message })
    }
    for (const [index, leaf] of plan.list.entries()) {
      const name = names[index]!
      const tensor = file.tensors.get(name)
      const wanted = fileShape(leaf)
      if (tensor && shapeText(tensor.shape) === shapeText(wanted)) {
        values.set(leaf.name, toMemory(leaf, tensor.data))
      } else if (newHead && isClassifier(leaf, plan)) {
        absent.push(leaf.name)
      } else {
        const fault = tensor
          ? `has shape ${shapeText(tensor.shape)} where ${plan.settings.variant} needs ${shapeText(wanted)}`
          : `of shape ${shapeText(wanted)} is missing`
        const message = `${place}: tensor "${name}" ${fault}. Is the variant or the family another?`
        return yield* new WeightFileError({ tensor: name, message })
      }
    }
    return { values, absent }
  })

/** Our own file: torchvision's names and layout, the network's settings in the metadata. */
export const encodeValues = (plan: NetworkPlan, values: Values): Uint8Array => {
  const { variant, family, head } = plan.settings
  const tensors = new Map<string, HostTensor>()
  for (const leaf of plan.list) {
    tensors.set(leaf.name, { shape: fileShape(leaf), data: toFile(leaf, values.get(leaf.name)!) })
  }
  return writeSafetensors({
    tensors,
    metadata: { format: "pt", dermograph: JSON.stringify({ variant, family, head }) }
  })
}

/** Reads a file of `encodeValues`. */
export const decodeValues = (
  bytes: Uint8Array,
  place = "weights"
): Effect.Effect<{ readonly plan: NetworkPlan; readonly values: Values }, WeightFileError> =>
  Effect.gen(function* () {
    const file = yield* readSafetensors(bytes, place)
    const settings: NetworkSettings = yield* Schema.decodeUnknownEffect(Settings)(file.metadata.dermograph).pipe(
      Effect.mapError(
        () =>
          new WeightFileError({
            tensor: undefined,
            message: `${place}: no settings of a network in the metadata. Only files written by fine-tune have them; give others as pretrained weights with their variant and family.`
          })
      )
    )
    const plan = networkPlan(settings)
    const { values } = yield* takeValues(plan, file, { family: "torchvision", newHead: false, place })
    return { plan, values }
  })
