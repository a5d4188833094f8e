/**
 * Parity with torchvision: compares this room, number by number, with a folder made by a script that runs torchvision
 * on the same weights (weights.safetensors, golden.safetensors, golden.json). Reads no other file.
 *
 * The error of a quantity is the greatest absolute difference over the greatest absolute value of the reference. Two
 * kinds of numbers are rounding noise in the reference itself, and are measured by what can be known of them:
 * - The gradient of a batch norm's shift is zero in exact arithmetic where only batch norms follow (every projection's),
 *   and that of the classifier's bias nearly so when the labels balance. A bias's gradient sums the same upstream
 *   gradients as its weight's (or a shift's as its scale's), so it is measured by the greater of the two references.
 * - Adam's first step is the rate times the gradient's sign wherever the gradient is above 1e-8. Where a gradient lies
 *   within its own tolerance of zero, the sign is not determined: a weight is off by its distance to the interval that
 *   the gradient's tolerance leaves. `note` says so where it made a difference.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type NetworkPlan, networkPlan } from "./architecture/network.ts"
import type { Leaf } from "./architecture/tree.ts"
import { type BackendName, openBackend } from "./backends/open.ts"
import { ModelSettingError, WeightFileError } from "./errors.ts"
import { spatialMean } from "./operations.ts"
import * as tf from "./tf.ts"
import type { Freezing } from "./training/freezing.ts"
import { lossPerExample, plainLoss } from "./training/loss.ts"
import { disposeMoments, type OptimiserState, optimise, plainAdam } from "./training/optimiser.ts"
import {
  createModel,
  disposeModel,
  inference,
  keeping,
  type Model,
  trainingStep,
  updateRunning
} from "./training/step.ts"
import { toFile } from "./weights/layout.ts"
import { type HostTensor, readSafetensors } from "./weights/safetensors.ts"
import { takeValues } from "./weights/take.ts"

export interface ParityLine {
  readonly quantity: string
  readonly error: number
  readonly tolerance: number
  readonly pass: boolean
  readonly note?: string
}

const Golden = Schema.fromJsonString(
  Schema.Struct({
    variant: Schema.Literals([
      "micro",
      ...["b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"].map((b) => `efficientnet_${b}`)
    ]),
    frozenBlocks: Schema.Int,
    blocks: Schema.Int,
    bnEps: Schema.Finite,
    bnMomentum: Schema.Finite
  })
)

const tolerances: Record<BackendName, number> = {
  "tensorflow-gpu": 1e-3,
  webgpu: 1e-3,
  tensorflow: 1e-4,
  simd: 1e-4,
  wasm: 1e-4,
  cpu: 1e-4
}

const read = (dir: string, name: string) =>
  Effect.tryPromise({
    try: () => readFile(join(dir, name)),
    catch: (error) =>
      new WeightFileError({
        tensor: undefined,
        message: `${join(dir, name)} cannot be read (${(error as Error).message}). Give a folder made by efficientnet_goldens.py.`
      })
  })

const greatest = (values: ArrayLike<number>): number => {
  let result = 0
  for (let i = 0; i < values.length; i++) result = Math.max(result, Math.abs(values[i]!))
  return result
}

/** Greatest distance from `actual` to [low, high], over `scale`; infinite where lengths or finiteness differ. */
const relativeError = (
  actual: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  scale: number
): number => {
  if (actual.length !== low.length) return Number.POSITIVE_INFINITY
  let difference = 0
  for (let i = 0; i < low.length; i++) {
    const distance = Math.max(low[i]! - actual[i]!, actual[i]! - high[i]!, 0)
    if (!(distance <= Number.MAX_VALUE) || !Number.isFinite(actual[i]!)) return Number.POSITIVE_INFINITY
    difference = Math.max(difference, distance)
  }
  return difference === 0 ? 0 : difference / scale
}

/** What a first Adam step (rate 1e-4, epsilon 1e-8) may give when the gradient is known to +-`slack`. */
const stepInterval = (reference: Float32Array, gradient: Float32Array, slack: number) => {
  const change = (g: number) => (1e-4 * g) / (Math.abs(g) + 1e-8)
  return {
    low: reference.map((w, i) => w + change(gradient[i]!) - change(gradient[i]! + slack)),
    high: reference.map((w, i) => w + change(gradient[i]!) - change(gradient[i]! - slack))
  }
}

const inputTensor = (input: HostTensor): tf.Tensor4D =>
  tf.tidy(() => tf.tensor4d(input.data, input.shape as [number, number, number, number]).transpose([0, 2, 3, 1]))

/** The script freezes the stem always, and `blocks[:K]` as Python slices: K below 0 counts from the end. */
const goldenFreezing = (frozenBlocks: number, blocks: number): Freezing => ({
  policy: "statistics",
  depth: 1 + Math.max(0, Math.min(blocks, frozenBlocks < 0 ? blocks + frozenBlocks : frozenBlocks))
})

export const efficientnetParity = (
  dir: string,
  backend: BackendName | "auto" = "wasm"
): Effect.Effect<ReadonlyArray<ParityLine>, WeightFileError | ModelSettingError | import("./errors.ts").BackendError> =>
  Effect.gen(function* () {
    const { name } = yield* openBackend(backend)
    const settings = yield* Schema.decodeUnknownEffect(Golden)(`${yield* read(dir, "golden.json")}`).pipe(
      Effect.mapError(
        (error) =>
          new ModelSettingError({ setting: "golden.json", message: `${join(dir, "golden.json")}: ${error.message}` })
      )
    )
    const variant = settings.variant.replace("efficientnet_", "") as "micro"
    const base = networkPlan({ variant, family: "torchvision", head: "plain" })
    const plan: NetworkPlan = { ...base, properties: { ...base.properties, epsilon: settings.bnEps } }
    const place = join(dir, "weights.safetensors")
    const file = yield* readSafetensors(yield* read(dir, "weights.safetensors"), place)
    const { values } = yield* takeValues(plan, file, { family: "torchvision", newHead: false, place })
    const golden = (yield* readSafetensors(yield* read(dir, "golden.safetensors"), join(dir, "golden.safetensors")))
      .tensors
    const tolerance = tolerances[name]
    const lines: Array<ParityLine> = []
    const seen = new Set(["input", "target"])
    const scaleOf = (quantity: string): number => {
      const twin = /^grad\/.*\.bias$/.test(quantity) ? quantity.replace(/bias$/, "weight") : quantity
      return Math.max(greatest(golden.get(quantity)!.data), greatest(golden.get(twin)?.data ?? []))
    }
    const compare: Compare = (quantity, actual) => {
      const reference = golden.get(quantity)?.data
      const gradient = golden.get(quantity.replace(/^step/, "grad"))?.data
      seen.add(quantity)
      let error = reference ? relativeError(actual, reference, reference, scaleOf(quantity)) : Number.POSITIVE_INFINITY
      let note: string | undefined
      if (error > tolerance && reference && gradient && quantity.startsWith("step/")) {
        const { low, high } = stepInterval(reference, gradient, tolerance * scaleOf(quantity.replace(/^step/, "grad")))
        note = `${error.toExponential(1)} where the gradient's sign is rounding noise`
        error = relativeError(actual, low, high, scaleOf(quantity))
      }
      lines.push({ quantity, error, tolerance, pass: error <= tolerance, ...(note && { note }) })
    }
    for (const quantity of ["input", "target"]) {
      if (golden.has(quantity)) continue
      const message = `${dir}/golden.safetensors: tensor "${quantity}" is missing. Make the folder again.`
      return yield* new WeightFileError({ tensor: quantity, message })
    }
    yield* Effect.promise(async () => {
      const images = inputTensor(golden.get("input")!)
      const labels = tf.tensor1d(golden.get("target")!.data)
      const model = createModel(plan, values)
      await compareInference(model, images, compare)
      await compareStep(
        model,
        goldenFreezing(settings.frozenBlocks, settings.blocks),
        images,
        labels,
        settings.bnMomentum,
        compare
      )
      disposeModel(model)
      tf.dispose([images, labels])
    })
    for (const quantity of golden.keys()) if (!seen.has(quantity)) compare(quantity, [])
    return lines
  })

type Compare = (quantity: string, actual: ArrayLike<number>) => void

const compareInference = async (model: Model, images: tf.Tensor4D, compare: Compare): Promise<void> => {
  const outputs: Array<tf.Tensor> = []
  const blocks = model.plan.architecture.blocks.length
  const logits = inference(model, { x: images, done: 0 }, (output, layer) => {
    if (layer >= 1 && layer <= blocks) outputs.push(tf.keep(spatialMean(output)))
  })
  for (const [index, output] of outputs.entries()) {
    compare(`eval_block_${index}`, await output.data())
    output.dispose()
  }
  compare("eval_logits", await logits.data())
  logits.dispose()
}

const compareStep = async (
  model: Model,
  freezing: Freezing,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  momentum: number,
  compare: Compare
): Promise<void> => {
  const lossOf = (logits: tf.Tensor1D) => lossPerExample(logits, labels, plainLoss).mean() as tf.Scalar
  const { logits, loss, gradients, observed } = trainingStep(model, freezing, { x: images, done: 0 }, lossOf, keeping)
  compare("train_logits", await logits.data())
  compare("loss", await loss.data())
  tf.dispose([logits, loss])
  const leaves = new Map(model.plan.list.map((leaf) => [leaf.name, leaf]))
  const inFile = async (leaf: Leaf, tensor: tf.Tensor) => toFile(leaf, (await tensor.data()) as Float32Array)
  const names = [...gradients.keys()]
  for (const [name, gradient] of gradients) compare(`grad/${name}`, await inFile(leaves.get(name)!, gradient))
  updateRunning(model, observed, momentum)
  for (const leaf of model.plan.list) {
    if (leaf.role !== "mean" && leaf.role !== "variance") continue
    compare(`running/${leaf.name}`, await inFile(leaf, model.tensors.get(leaf.name)!))
  }
  const state: OptimiserState = new Map()
  optimise(model, state, gradients, 1e-4, plainAdam)
  disposeMoments(state)
  for (const name of names) compare(`step/${name}`, await inFile(leaves.get(name)!, model.tensors.get(name)!))
}
