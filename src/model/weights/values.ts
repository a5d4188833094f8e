/** A network's weights outside any backend, and the file form of our own. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { families } from "../architecture/family.ts"
import { type NetworkPlan, type NetworkSettings, networkPlan } from "../architecture/network.ts"
import { variants } from "../architecture/variants.ts"
import { WeightFileError } from "../errors.ts"
import { fileShape, toFile } from "./layout.ts"
import { type HostTensor, readSafetensors, writeSafetensors } from "./safetensors.ts"
import { takeValues } from "./take.ts"

/** By our name, in memory layout. */
export type Values = ReadonlyMap<string, Float32Array>

const Settings = Schema.fromJsonString(
  Schema.Struct({
    variant: Schema.Literals(variants),
    family: Schema.Literals(families),
    head: Schema.Literals(["original", "plain"])
  })
)

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
