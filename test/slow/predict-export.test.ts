/** `predict` and `export` on what a run of the fixture trained. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import sharp from "sharp"
import { Exported, Predicted } from "../../inference/json.ts"
import type { Artifact } from "../../src/dag/artifact.ts"
import { Dataset } from "../../stages/artifacts/dataset.ts"
import { Evaluation } from "../../stages/artifacts/evaluation.ts"
import { ImageFiles } from "../../stages/artifacts/image-files.ts"
import { copyProject, type Project, type RunFinished } from "../pipelines/project.ts"

let project: Project
let run: RunFinished

const artifact = <A>(type: Artifact<string, A>, node: string): A => {
  const digest = run.outputs[node]!
  return type.decode(readFileSync(join(project.store, "blobs", digest.slice(0, 2), digest)))
}

/** The test images of the run, as files named by their rows. */
const writeTestImages = (folder: string) => {
  mkdirSync(folder, { recursive: true })
  const files = new Map(artifact(ImageFiles, "draw-lesions").map(({ path, bytes }) => [path, bytes]))
  const paths = new Map(artifact(Dataset, "ingest:real").rows.map(({ id, path }) => [id, path]))
  const { predictions, threshold, temperature } = artifact(Evaluation, "evaluate:real:1")
  return {
    threshold,
    temperature,
    rows: predictions.id.map((id, row) => {
      const path = join(folder, `${String(row).padStart(3, "0")}.png`)
      writeFileSync(path, files.get(paths.get(id)!)!)
      return { path, logit: predictions.logit[row]! }
    })
  }
}

const strictly = { onExcessProperty: "error" } as const

beforeAll(async () => {
  project = copyProject()
  run = await project.run()
})
afterAll(() => project.remove())

describe("predict", () => {
  it("gives the evaluation's own logits for the test images, to the bit, and calls them by its threshold", async () => {
    const folder = join(project.root, "images")
    const { rows, threshold, temperature } = writeTestImages(folder)
    const { code, stdout, stderr } = await project.cli("predict", folder, "--json")
    assert.strictEqual(code, 0, stderr)
    const printed = Schema.decodeUnknownSync(Predicted, strictly)(JSON.parse(stdout))
    assert.strictEqual(printed.model.node, "fine-tune:real:1")
    assert.deepStrictEqual([printed.rule.logit, printed.rule.temperature], [threshold, temperature])
    assert.deepStrictEqual(
      printed.predictions.map(({ path, logit }) => ({ path, logit })),
      rows
    )
    for (const { logit, probability, call } of printed.predictions) {
      assert.closeTo(probability, 1 / (1 + Math.exp(-logit / temperature)), 1e-12)
      assert.strictEqual(call, logit >= threshold ? "melanoma" : "benign")
    }
  })

  it("tells what it cannot read, goes on, and ends with 1; writes CSV and pictures", async () => {
    const folder = join(project.root, "some")
    const [first] = writeTestImages(folder).rows
    for (const name of readdirSync(folder).slice(2)) writeFileSync(join(folder, name), "no image")
    const cam = join(project.root, "cam")
    const csv = join(project.root, "out", "predictions.csv")
    const { code, stdout, stderr } = await project.cli("predict", folder, "--cam", cam, "--csv", csv)
    assert.strictEqual(code, 1)
    assert.match(stderr, /002\.png: /u)
    assert.match(stdout, /threshold {2}melanoma from probability 0\.\d{3}/u)
    const [heading, line, ...rest] = readFileSync(csv, "utf8").trim().split("\n")
    assert.strictEqual(heading, "path,probability,logit,call")
    assert.strictEqual(Number(line?.split(",")[2]), first?.logit)
    assert.strictEqual(rest.length, 1)
    assert.deepStrictEqual(readdirSync(cam), ["000.png.png", "001.png.png"])
    const { width, height } = await sharp(join(cam, "000.png.png")).metadata()
    assert.deepStrictEqual([width, height], [2 * 224 + 4, 224])
  })

  const refused: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
    [["predict", "nowhere"], /nowhere: there is no such file or folder/u],
    [["predict", "src/dag"], /no image is in this folder/u],
    [["predict", "images", "--node", "fine-tune:reel:1"], /did you mean fine-tune:real:1\?/u],
    [["export", "tfjs", "--to", "src"], /the folder is not empty/u],
    [["export", "onnx", "--to", "onnx"], /export onnx: /u]
  ]
  it.concurrent.each(refused)("%s is refused with 2", async (args, message) => {
    const { code, stdout, stderr } = await project.cli(...args)
    assert.strictEqual(code, 2)
    assert.match(stderr, message)
    assert.match(stderr, /mend: /u)
    assert.strictEqual(stdout, "")
  })
})

describe("export", () => {
  it.each([
    ["safetensors", ["dermograph.json", "model.safetensors"], 0],
    ["tfjs", ["dermograph.json", "model.json", "weights.bin"], 1e-5]
  ] as const)("%s reads its files back and tells the largest difference", async (format, files, tolerance) => {
    const to = join(project.root, "exports", format)
    const { code, stdout, stderr } = await project.cli("export", format, "--to", to, "--json")
    assert.strictEqual(code, 0, stderr)
    const printed = Schema.decodeUnknownSync(Exported, strictly)(JSON.parse(stdout))
    assert.isAtMost(printed.largestDifference, tolerance)
    assert.isAbove(printed.images, 10)
    assert.deepStrictEqual(readdirSync(to).toSorted(), [...files])
    assert.deepStrictEqual(
      readdirSync(join(to, "..")).filter((name) => name.startsWith(".")),
      []
    )
    const notes = JSON.parse(readFileSync(join(to, "dermograph.json"), "utf8"))
    assert.strictEqual(notes.threshold.logit, artifact(Evaluation, "evaluate:real:1").threshold)
    assert.isFalse(existsSync(join(project.root, "onnx")))
  })
})

describe("a network behind a frozen trunk", () => {
  it("is found with the images of its features", async () => {
    const { failed, executed } = await project.run("--set", "model.batchNorm=inference")
    assert.deepStrictEqual(failed, [])
    assert.include(executed, "features:evaluation:1")
    const folder = join(project.root, "behind")
    const { code, stdout, stderr } = await project.cli("predict", join(project.root, "images"), "--json")
    assert.strictEqual(code, 0, stderr)
    const printed = Schema.decodeUnknownSync(Predicted, strictly)(JSON.parse(stdout))
    assert.isAbove(printed.predictions.length, 10)
    const written = await project.cli("export", "safetensors", "--to", folder, "--json")
    assert.strictEqual(written.code, 0, written.stderr)
    assert.strictEqual(JSON.parse(written.stdout).largestDifference, 0)
  })
})

describe("export of a ResNet", () => {
  beforeAll(async () => {
    const { failed } = await project.run(
      "--set",
      "model.variant=resnet-micro",
      "--set",
      "model.family=keras-2.2",
      "--set",
      "model.frozenLayers=0"
    )
    assert.deepStrictEqual(failed, [])
  })

  it.each(["safetensors", "tfjs"])("%s reads its files back, named by its family", async (format) => {
    const to = join(project.root, "exports", `resnet-${format}`)
    const { code, stdout, stderr } = await project.cli("export", format, "--to", to, "--run", "last", "--json")
    assert.strictEqual(code, 0, stderr)
    const { largestDifference, images } = Schema.decodeUnknownSync(Exported, strictly)(JSON.parse(stdout))
    // Its input is not scaled down, so its logits are larger than those of the EfficientNet.
    assert.isAtMost(largestDifference, format === "safetensors" ? 0 : 1e-3)
    assert.isAbove(images, 10)
    const { network, construction, input } = JSON.parse(readFileSync(join(to, "dermograph.json"), "utf8"))
    assert.strictEqual(network, "resnet-micro")
    assert.deepStrictEqual(construction, {
      family: "keras-2.2",
      padding: "symmetric",
      batchNormEpsilon: 1e-3,
      strideOfBottleneck: "first"
    })
    assert.deepInclude(input, { channels: "BGR", mean: [103.939 / 255, 116.779 / 255, 123.68 / 255] })
  })
})
