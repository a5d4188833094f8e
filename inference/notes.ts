/** What a program needs beside the exported weights to say what this project says: `dermograph.json`. */
import type { TrainedModel } from "../src/cli/trained.ts"
import { networkName } from "../src/model/architecture/variants.ts"
import { sigmoid } from "../src/statistics/numeric.ts"
import type { Opened } from "./open.ts"

export const notesOf = (model: TrainedModel, { plan, side, threshold, temperature }: Opened) => {
  const { padding, epsilon, mean, deviation, channels, stride } = plan.properties
  const inOrder = <A>(rgb: ReadonlyArray<A>): ReadonlyArray<A> => (channels === "rgb" ? rgb : rgb.toReversed())
  return {
    network: networkName(plan.settings.variant),
    trainedBy: `${model.name} of run ${model.run}`,
    // Another library's network of this name may have other constants: under those the weights give other numbers.
    construction: {
      family: plan.settings.family,
      padding,
      batchNormEpsilon: epsilon,
      ...(plan.architecture.blocks[0]?.kind === "mbconv" ? {} : { strideOfBottleneck: stride })
    },
    input: {
      side,
      channels: channels.toUpperCase(),
      formula: "(value / 255 - mean) / deviation, in the order of channels",
      mean: inOrder(mean),
      deviation: inOrder(deviation)
    },
    output: "logit of melanoma",
    temperature,
    threshold: { logit: threshold, probability: sigmoid(threshold / temperature), rule: "youden, on validation" },
    warning: "Not a medical device."
  }
}

export type Notes = ReturnType<typeof notesOf>
