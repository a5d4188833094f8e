/** What belongs to a trained network in the run that trained it: its side in pixels, its threshold, its test images. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { TrainedModel } from "../src/cli/trained.ts"
import { openPack } from "../src/image/pack.ts"
import { backendNames } from "../src/model/backends/names.ts"
import { decodeValues } from "../src/model/weights/values.ts"
import type { KeyRecord } from "../src/store/trace.ts"
import { Evaluation } from "../stages/artifacts/evaluation.ts"
import { Model } from "../stages/artifacts/model.ts"
import { ModelFault } from "./fault.ts"

const Params = Schema.Struct({ backend: Schema.Literals(backendNames) })

const again = "run the pipeline again with the settings of that run: what is still the same is not made anew"

const decoded = <A>(place: string, decode: () => A) =>
  Effect.try({
    try: decode,
    catch: () => new ModelFault({ place, fault: "it is of an older version of this program", mend: again })
  })

/** The pack of the evaluation's images: its own input, or that of the features which it read in their place. */
const packOf = ({ nodes }: TrainedModel, { inputs }: KeyRecord): string | undefined =>
  inputs.evaluation ??
  nodes.find(({ stage, digest }) => stage === "features" && digest === inputs.features)?.record.inputs.pack

/** The network, with the evaluation that chose its threshold. Its pack is read where it lies, until the scope closes. */
export const openTrained = Effect.fnUntraced(function* (model: TrainedModel) {
  const evaluated = model.nodes.find(
    ({ stage, record }) => stage === "evaluate" && record.inputs.model === model.digest
  )
  const place = `${model.name} of run ${model.run}`
  if (evaluated === undefined) {
    const fault = "it was not evaluated, so there is no threshold for it"
    return yield* new ModelFault({ place, fault, mend: again })
  }
  const { weights } = Model.decode(yield* model.read(model.digest))
  const { plan, values } = yield* decodeValues(weights, place)
  const evaluationBytes = yield* model.read(evaluated.digest)
  const { threshold, temperature } = yield* decoded(evaluated.name, () => Evaluation.decode(evaluationBytes))
  const { backend } = yield* decoded(evaluated.name, () => Schema.decodeUnknownSync(Params)(evaluated.record.params))
  const images = packOf(model, evaluated.record)
  if (images === undefined) {
    return yield* new ModelFault({ place, fault: `the images of ${evaluated.name} are not in that run`, mend: again })
  }
  const pack = yield* openPack(yield* model.open(images))
  return { place, weights, plan, values, threshold, temperature, backend, pack, side: pack.side }
})

export type Opened = Effect.Success<ReturnType<typeof openTrained>>
