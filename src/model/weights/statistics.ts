/** Batch-norm statistics on their own: what calibration gives, to be laid over any weights of the same network. */
import * as Effect from "effect/Effect"
import type { NetworkPlan } from "../architecture/network.ts"
import { isStatistic, type Leaf } from "../architecture/tree.ts"
import { WeightFileError } from "../errors.ts"
import { fileShape, toFile, toMemory } from "./layout.ts"
import { type HostTensor, readSafetensors, writeSafetensors } from "./safetensors.ts"
import type { Values } from "./values.ts"

/** All but the head's, which stands behind the features and is trained anew. */
export const bodyStatistics = ({ list, leaves }: NetworkPlan): ReadonlyArray<Leaf> => {
  const head = new Set([leaves.pooled?.mean.name, leaves.pooled?.variance.name])
  return list.filter(({ role, name }) => isStatistic(role) && !head.has(name))
}

/** safetensors, in our own names. */
export const encodeStatistics = (plan: NetworkPlan, values: Values): Uint8Array => {
  const tensors = new Map<string, HostTensor>()
  for (const leaf of bodyStatistics(plan)) {
    tensors.set(leaf.name, { shape: fileShape(leaf), data: toFile(leaf, values.get(leaf.name)!) })
  }
  return writeSafetensors({ tensors, metadata: { format: "pt" } })
}

/** The values with the file's statistics in the place of theirs. */
export const withStatistics = (
  plan: NetworkPlan,
  values: Values,
  statistics: Uint8Array | undefined
): Effect.Effect<Values, WeightFileError> =>
  Effect.gen(function* () {
    if (!statistics) return values
    const place = "calibrated statistics"
    const { tensors } = yield* readSafetensors(statistics, place)
    const result = new Map(values)
    for (const leaf of bodyStatistics(plan)) {
      const tensor = tensors.get(leaf.name)
      if (tensor !== undefined && tensor.data.length === leaf.shape[0]) {
        result.set(leaf.name, toMemory(leaf, tensor.data))
        continue
      }
      const message = `${place}: tensor "${leaf.name}" of ${leaf.shape[0]} numbers is missing. They are of another network: calibrate anew.`
      return yield* new WeightFileError({ tensor: leaf.name, message })
    }
    return result
  })
