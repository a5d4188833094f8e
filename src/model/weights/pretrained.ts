/** The weights that training starts from. */
import * as Effect from "effect/Effect"
import type { NetworkPlan } from "../architecture/network.ts"
import type { WeightFileError } from "../errors.ts"
import { initialise } from "./initialise.ts"
import { readWeightFile } from "./read.ts"
import { takeValues } from "./take.ts"
import type { Values } from "./values.ts"

/** A weight file in the names of the network's family, or one that this project wrote; undefined is at random. */
export type Pretrained = Uint8Array | undefined

/** Whatever the file does not give (a new head) is drawn at random from `seed`. */
export const initialValues = (
  plan: NetworkPlan,
  seed: number,
  pretrained: Pretrained
): Effect.Effect<Values, WeightFileError> =>
  Effect.gen(function* () {
    const random = initialise(plan, seed)
    if (!pretrained) return random
    const place = "pretrained weights"
    const file = yield* readWeightFile(pretrained, place)
    const family = "dermograph" in file.metadata ? "torchvision" : plan.settings.family
    const { values } = yield* takeValues(plan, file, { family, newHead: true, place })
    return new Map([...random, ...values])
  })
