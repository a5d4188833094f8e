/** Images → probabilities by a trained network, on the path that its test images took. */
import { readFile } from "node:fs/promises"
import { table, toCSV } from "arquero"
import * as Effect from "effect/Effect"
import type { Fault, PredictRequest, Told } from "../src/cli/config.ts"
import type { TrainedModel } from "../src/cli/trained.ts"
import { classNames } from "../src/dataset/dataset.ts"
import { renderViews } from "../src/image/render.ts"
import { networkName } from "../src/model/architecture/variants.ts"
import { openBackend } from "../src/model/backends/open.ts"
import type { ImageSource } from "../src/model/data.ts"
import { predict as logitsOf } from "../src/model/predict.ts"
import { sigmoid } from "../src/statistics/numeric.ts"
import { writePictures } from "./cam.ts"
import { ModelFault } from "./fault.ts"
import { findImages, type NamedImage } from "./find-images.ts"
import { type Opened, openTrained } from "./open.ts"

/** Images at a time: what bounds the memory. */
const chunk = 128

interface Prediction extends NamedImage {
  readonly logit: number
  readonly probability: number
  readonly call: (typeof classNames)[number]
  readonly cam: string | null
}

type Read = { readonly image: NamedImage; readonly pixels: Uint8Array } | { readonly fault: string }

const read = ({ path, name }: NamedImage, side: number): Effect.Effect<Read> =>
  Effect.tryPromise({
    try: () => readFile(path),
    catch: (cause) =>
      new ModelFault({
        place: path,
        fault: cause instanceof Error ? cause.message : String(cause),
        mend: "make it readable"
      })
  }).pipe(
    Effect.flatMap((bytes) => renderViews(bytes, [[]], side, { name: path })),
    Effect.map((pixels) => ({ image: { path, name }, pixels })),
    Effect.catch((error) => Effect.succeed({ fault: error.message }))
  )

const sourceOf = (pixels: ReadonlyArray<Uint8Array>, side: number): ImageSource => ({
  size: pixels.length,
  views: 1,
  side,
  read: (row, _, into) => into.set(pixels[row]!)
})

const ruleOf = ({ threshold, temperature }: Opened) => ({
  name: "youden" as const,
  chosenOn: "validation" as const,
  logit: threshold,
  probability: sigmoid(threshold / temperature),
  temperature
})

/** Where the fit ends (`temperature` in src/statistics/calibration.ts): the logits say nothing of validation's labels. */
const flat = Math.exp(4.99)

const fitOf = (temperature: number): string =>
  temperature > flat
    ? "this network does not tell the classes apart on validation: all probabilities are near one half"
    : `probabilities are of logits divided by ${temperature.toPrecision(3)}, fitted on validation`

const csvOf = (predictions: ReadonlyArray<Prediction>): string =>
  toCSV(
    table({
      path: predictions.map(({ path }) => path),
      probability: predictions.map(({ probability }) => probability),
      logit: predictions.map(({ logit }) => logit),
      call: predictions.map(({ call }) => call)
    })
  )

const toldOf = (
  model: TrainedModel,
  opened: Opened,
  predictions: ReadonlyArray<Prediction>,
  faults: ReadonlyArray<string>
): Told & { readonly csv: string } => {
  const { plan, side, backend } = opened
  const rule = ruleOf(opened)
  const { variant } = plan.settings
  return {
    lines: [
      `model      ${model.name} of run ${model.run} (${model.pipeline}): ${networkName(variant)} at ${side} px, on ${backend}`,
      `threshold  melanoma from probability ${rule.probability.toFixed(3)}: the most sensitivity + specificity on validation`,
      `           ${fitOf(rule.temperature)}`,
      "           Not a medical device: no diagnosis."
    ],
    table: [
      ["image", "probability", "call", ...(predictions.some(({ cam }) => cam !== null) ? ["picture"] : [])],
      ...predictions.map(({ path, probability, call, cam }) => [
        path,
        probability.toFixed(3),
        call,
        ...(cam === null ? [] : [cam])
      ])
    ],
    data: {
      model: { pipeline: model.pipeline, run: model.run, node: model.name, variant, side, backend },
      rule,
      predictions: predictions.map(({ path, logit, probability, call, cam }) => ({
        path,
        probability,
        logit,
        call,
        cam
      })),
      unreadable: faults
    },
    csv: csvOf(predictions),
    faults
  }
}

export const predict = (
  model: TrainedModel,
  { paths, cam, onProgress }: PredictRequest
): Effect.Effect<Told & { readonly csv: string }, Fault> =>
  Effect.gen(function* () {
    const images = yield* findImages(paths)
    const opened = yield* openTrained(model)
    yield* openBackend(opened.backend)
    const { weights, side, threshold, temperature } = opened
    const predictions: Array<Prediction> = []
    const faults: Array<string> = []
    for (let start = 0; start < images.length; start += chunk) {
      const part = yield* Effect.forEach(images.slice(start, start + chunk), (image) => read(image, side), {
        concurrency: 4
      })
      faults.push(...part.flatMap((one) => ("fault" in one ? [one.fault] : [])))
      const rows = part.flatMap((one) => ("fault" in one ? [] : [one]))
      const source = sourceOf(
        rows.map(({ pixels }) => pixels),
        side
      )
      const logits = yield* logitsOf(weights, source)
      const pictures = cam === undefined ? undefined : yield* writePictures(cam, weights, rows, side)
      for (const [row, { image }] of rows.entries()) {
        const logit = logits[row]!
        const probability = sigmoid(logit / temperature)
        const call = classNames[logit >= threshold ? 1 : 0]
        predictions.push({ ...image, logit, probability, call, cam: pictures?.[row] ?? null })
      }
      onProgress(Math.min(start + chunk, images.length), images.length)
    }
    return toldOf(model, opened, predictions, faults)
  }).pipe(Effect.scoped)
