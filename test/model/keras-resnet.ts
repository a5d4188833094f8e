/** The small ResNet built anew from TensorFlow.js's own layers, as keras_applications 2.2 builds ResNet-50. */
import * as tf from "../../src/model/tf.ts"
import { generator } from "../../src/random/generator.ts"

/** Stages of [channels inside, repeats], as src/model/architecture/resnet.ts has them for resnet-micro. */
const stages = [
  [4, 2],
  [8, 2]
] as const

export const kerasResNet = (seed: number, classes = 5, epsilon = 1e-3): tf.LayersModel => {
  const input = tf.input({ shape: [null, null, 3] })
  const zeros = (pad: number, name: string, x: tf.SymbolicTensor) =>
    tf.layers.zeroPadding2d({ padding: pad, name }).apply(x) as tf.SymbolicTensor
  const relu = (x: tf.SymbolicTensor) => tf.layers.activation({ activation: "relu" }).apply(x) as tf.SymbolicTensor
  const norm = (name: string, x: tf.SymbolicTensor) =>
    tf.layers.batchNormalization({ axis: 3, epsilon, name }).apply(x) as tf.SymbolicTensor
  const convolution = (
    name: string,
    x: tf.SymbolicTensor,
    filters: number,
    kernelSize: number,
    strides: number,
    padding: "same" | "valid"
  ) => tf.layers.conv2d({ name, filters, kernelSize, strides, padding }).apply(x) as tf.SymbolicTensor
  let x = relu(norm("bn_conv1", convolution("conv1", zeros(3, "conv1_pad", input), 8, 7, 2, "valid")))
  x = tf.layers
    .maxPooling2d({ poolSize: 3, strides: 2, name: "pool1" })
    .apply(zeros(1, "pool1_pad", x)) as tf.SymbolicTensor
  for (const [stage, [middle, repeats]] of stages.entries()) {
    for (let place = 0; place < repeats; place++) {
      const name = (branch: string) => `${stage + 2}${"abcdef"[place]}_branch${branch}`
      const strides = place === 0 && stage > 0 ? 2 : 1
      const part = (
        branch: string,
        from: tf.SymbolicTensor,
        filters: number,
        kernel: number,
        stride: number,
        pad: "same" | "valid"
      ) => norm(`bn${name(branch)}`, convolution(`res${name(branch)}`, from, filters, kernel, stride, pad))
      const a = relu(part("2a", x, middle, 1, strides, "valid"))
      const b = relu(part("2b", a, middle, 3, 1, "same"))
      const c = part("2c", b, 4 * middle, 1, 1, "valid")
      const shortcut = place === 0 ? part("1", x, 4 * middle, 1, strides, "valid") : x
      x = relu(tf.layers.add().apply([c, shortcut]) as tf.SymbolicTensor)
    }
  }
  const pooled = tf.layers.globalAveragePooling2d({ name: "avg_pool" }).apply(x) as tf.SymbolicTensor
  const output = tf.layers.dense({ units: classes, activation: "softmax", name: "fc1000" }).apply(pooled)
  const model = tf.model({ inputs: input, outputs: output as tf.SymbolicTensor })
  for (const weight of model.weights) {
    const random = generator("keras resnet", seed, weight.originalName)
    const deviation = weight.originalName.endsWith("kernel") ? 0.3 : 0.2
    const centre = /gamma|variance/.test(weight.originalName) ? 1 : 0
    const shape = weight.shape as Array<number>
    const values = Array.from(
      { length: tf.util.sizeFromShape(shape) },
      () => centre + random.uniform(-1, 1) * deviation
    )
    weight.write(tf.tensor(values, shape))
  }
  return model
}

export interface SavedModel {
  readonly json: Uint8Array
  readonly shards: ReadonlyMap<string, Uint8Array>
}

/** As TensorFlow.js saves it, the bytes cut into so many shards. */
export const savedModel = async (model: tf.LayersModel, count = 3): Promise<SavedModel> => {
  let artifacts: tf.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } }
    })
  )
  const { modelTopology, weightSpecs, weightData } = artifacts!
  const bytes = new Uint8Array(weightData as ArrayBuffer)
  const paths = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`)
  const cut = (index: number) => Math.floor((index * bytes.length) / count)
  return {
    json: Buffer.from(JSON.stringify({ modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] })),
    shards: new Map(paths.map((path, index) => [path, bytes.slice(cut(index), cut(index + 1))]))
  }
}
