/** A trained network → files for other programs. They count only once they were read back and gave the same logits. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import type { Fault, Told } from "../src/cli/config.ts"
import type { TrainedModel } from "../src/cli/trained.ts"
import { openBackend } from "../src/model/backends/open.ts"
import type { ImageSource } from "../src/model/data.ts"
import { largestDifference, layersLogits } from "../src/model/export/compare.ts"
import { type ExportedFile, layersFiles, loadLayersFiles } from "../src/model/export/files.ts"
import { layersModel } from "../src/model/export/layers-model.ts"
import { predict } from "../src/model/predict.ts"
import { ModelFault } from "./fault.ts"
import type { Format } from "./formats.ts"
import { type Notes, notesOf } from "./notes.ts"
import { type Opened, openTrained } from "./open.ts"

/** Enough to meet every path of the network, few enough to take seconds. */
const compared = 32

/** Differences of single-precision arithmetic in another order, relative to logits of size 1 and above. */
const tolerance = 1e-3

/** The first evaluation images of the run that trained it. */
const imagesOf = ({ pack, side }: Opened): ImageSource => ({
  size: Math.min(compared, pack.keys.length),
  views: 1,
  side,
  read: (row, _, into) => into.set(pack.image(row))
})

interface Writer {
  readonly files: (opened: Opened, notes: Notes) => Promise<ReadonlyArray<ExportedFile>>
  /** Logits of the images, by what is read from the files. */
  readonly readBack: (
    read: (name: string) => Promise<Uint8Array>,
    images: ImageSource,
    opened: Opened
  ) => Effect.Effect<Float32Array, Fault>
  /** Who reads the files, and what they take. */
  readonly reader: string
}

const notesFile = (notes: Notes): ExportedFile => ({
  name: "dermograph.json",
  bytes: Buffer.from(`${JSON.stringify(notes, null, 2)}\n`, "utf8")
})

const safetensors: Writer = {
  reader: "weights under torchvision's names; what the network around them must be, and take, is in dermograph.json",
  files: async ({ weights }, notes) => [{ name: "model.safetensors", bytes: weights }, notesFile(notes)],
  readBack: (read, images, { backend }) =>
    Effect.gen(function* () {
      yield* openBackend(backend)
      return yield* predict(yield* Effect.promise(() => read("model.safetensors")), images)
    })
}

const tfjs: Writer = {
  reader: "tf.loadLayersModel; input (n, side, side, 3), RGB from 0 to 255; output the logit",
  files: async ({ plan, values, side }, notes) => {
    const model = layersModel(plan, values, side)
    try {
      return [...(await layersFiles(model, notes)), notesFile(notes)]
    } finally {
      model.dispose()
    }
  },
  // Read by TensorFlow.js's own backend: nothing of this project's kernels is in the comparison's other side.
  readBack: (read, images) =>
    Effect.gen(function* () {
      yield* openBackend("wasm")
      return yield* Effect.promise(async () => {
        const model = await loadLayersFiles(read)
        const logits = await layersLogits(model, images)
        model.dispose()
        return logits
      })
    })
}

const writers: Readonly<Record<string, Writer | undefined>> = { safetensors, tfjs } satisfies Partial<
  Record<Format, Writer>
>

const onnxRefused = new ModelFault({
  place: "export onnx",
  fault: "no library on npm writes a TensorFlow.js network as ONNX, and what is not read back is not written here",
  mend: "export safetensors and build the torchvision model around it, then torch.onnx.export"
})

/** The folder must be new or empty: nothing that lies there is lost. */
const checkFolder = (to: string) =>
  Effect.tryPromise({
    try: () => readdir(to).catch((cause) => (cause.code === "ENOENT" ? [] : Promise.reject(cause))),
    catch: (cause) =>
      new ModelFault({
        place: `--to ${to}`,
        fault: cause instanceof Error ? cause.message : String(cause),
        mend: "name a folder"
      })
  }).pipe(
    Effect.filterOrFail(
      (names) => names.length === 0,
      () => new ModelFault({ place: `--to ${to}`, fault: "the folder is not empty", mend: "name a new one" })
    )
  )

/** A folder beside the one that is wanted: renamed when all is well, else gone. */
const draftOf = (to: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const draft = join(dirname(to), `.${basename(to)}-${process.pid}`)
      await mkdir(draft, { recursive: true })
      return draft
    }),
    (draft) => Effect.promise(() => rm(draft, { recursive: true, force: true }))
  )

export const exportNetwork = (
  model: TrainedModel,
  { format, to }: { readonly format: string; readonly to: string }
): Effect.Effect<Told, Fault> =>
  Effect.gen(function* () {
    const writer = writers[format]
    if (writer === undefined) return yield* onnxRefused
    yield* checkFolder(to)
    const opened = yield* openTrained(model)
    const images = imagesOf(opened)
    yield* openBackend(opened.backend)
    const expected = yield* predict(opened.weights, images)
    const draft = yield* draftOf(to)
    yield* openBackend("cpu")
    const files = yield* Effect.promise(() => writer.files(opened, notesOf(model, opened)))
    yield* Effect.promise(() => Promise.all(files.map(({ name, bytes }) => writeFile(join(draft, name), bytes))))
    const found = yield* writer.readBack((name) => readFile(join(draft, name)), images, opened)
    const difference = largestDifference(expected, found)
    if (!(difference <= tolerance * Math.max(1, ...expected.map(Math.abs)))) {
      return yield* new ModelFault({
        place: `export ${format}`,
        fault: `read back, its logits differ by up to ${difference}`,
        mend: "nothing was written; please report this with the variant and family of the model"
      })
    }
    yield* Effect.promise(async () => {
      await rm(to, { recursive: true, force: true })
      await rename(draft, to)
    })
    const paths = files.map(({ name }) => join(to, name))
    return {
      lines: [
        `model     ${model.name} of run ${model.run}`,
        ...paths.map((path, at) => `${(at === 0 ? "wrote" : "").padEnd(8)}  ${path}`),
        `for       ${writer.reader}`,
        `compared  read back, on ${images.size} evaluation images: logits differ by at most ${difference.toExponential(1)}`
      ],
      table: [],
      data: {
        run: model.run,
        node: model.name,
        format,
        files: paths,
        images: images.size,
        largestDifference: difference
      },
      faults: []
    }
  }).pipe(Effect.scoped)
