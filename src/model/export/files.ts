/** The files of an exported network, and the reading of a TensorFlow.js model back from them. */
import type * as Schema from "effect/Schema"
import * as tf from "../tf.ts"

export interface ExportedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const weightsName = "weights.bin"
const modelName = "model.json"

/** `model.json` and `weights.bin`, as `tf.loadLayersModel` takes them. `notes` stand in the model's metadata. */
export const layersFiles = async (
  model: tf.LayersModel,
  notes: Readonly<Record<string, Schema.Json>>
): Promise<ReadonlyArray<ExportedFile>> => {
  let artifacts: tf.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) }
    })
  )
  const { modelTopology, format, generatedBy, weightSpecs = [], weightData } = artifacts!
  const topology = {
    modelTopology,
    format,
    generatedBy,
    convertedBy: null,
    weightsManifest: [{ paths: [weightsName], weights: weightSpecs }],
    userDefinedMetadata: notes
  }
  return [
    { name: modelName, bytes: Buffer.from(`${JSON.stringify(topology)}\n`, "utf8") },
    { name: weightsName, bytes: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)) }
  ]
}

/** The model in files that were read from where they were written. */
export const loadLayersFiles = (read: (name: string) => Promise<Uint8Array>): Promise<tf.LayersModel> =>
  tf.loadLayersModel({
    load: async () => {
      const json = JSON.parse(Buffer.from(await read(modelName)).toString("utf8")) as tf.io.ModelJSON
      return tf.io.getModelArtifactsForJSON(json, async (manifest) => {
        const specs = manifest.flatMap(({ weights }) => weights)
        const parts = await Promise.all(manifest.flatMap(({ paths }) => paths).map(read))
        return [specs, Uint8Array.from(Buffer.concat(parts)).buffer]
      })
    }
  })
