/**
 * The original project's story: without augmentation a network learns its training images by heart. On a sample of HAM10000
 * (706 training images), where HAM10000_SAMPLE names its folder: the data are not this project's to hand on.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { EpochRecord } from "../../src/model/training/history.ts"
import { setting } from "../pipelines/noise-set.ts"
import { copyProject, type Project } from "../pipelines/project.ts"

/** Only fine-tune's events have results. */
interface Progress {
  readonly progress?: { readonly results?: Pick<EpochRecord, "train" | "validation"> }
}

const sample = process.env.HAM10000_SAMPLE

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

/** Loss on train and on validation by epoch, from the events of a run. */
const losses = async (preset: string, views: number) => {
  const settings = setting({
    "data.real": sample!,
    "model.variant": "nano",
    "model.frozenLayers": 0,
    "resize.side": 64,
    "augment.preset": preset,
    "augment.views": views,
    "training.batchSize": 32,
    "training.learningRate": 2e-3,
    "training.epochs": 10,
    "training.seeds": 1
  })
  const command = ["run", "--pipeline", "melanoma", "--until", "fine-tune:real:1", "--json"]
  const { code, stdout, stderr } = await project.cli(...command, ...settings)
  assert.strictEqual(code, 0, stderr)
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line)) as ReadonlyArray<Progress>
  const found = events.flatMap(({ progress }) => (progress?.results === undefined ? [] : [progress.results]))
  assert.lengthOf(found, 10)
  return found.map(({ train, validation }) => ({ train: train.loss, validation: validation.loss }))
}

const mean = (values: ReadonlyArray<number>) => values.reduce((sum, value) => sum + value, 0) / values.length

describe.skipIf(sample === undefined)("nano on a sample of HAM10000", () => {
  it("overfits without augmentation, and does not with it", async () => {
    const [off, on] = [await losses("none", 1), await losses("original", 4)]
    const gap = (epochs: typeof off) => mean(epochs.slice(-3).map(({ train, validation }) => validation - train))
    const least = (epochs: typeof off) => Math.min(...epochs.map(({ validation }) => validation))
    const last = (epochs: typeof off) => mean(epochs.slice(-3).map(({ validation }) => validation))
    console.log(
      `gap ${gap(off)} without, ${gap(on)} with augmentation; validation ${last(off)}, ${last(on)} at the end`
    )
    assert.isAbove(gap(off), 0.3)
    assert.isBelow(gap(on), 0.15)
    // It gets worse again on validation while it goes on learning the training images.
    assert.isAbove(last(off), least(off) + 0.15)
    assert.isBelow(last(on), last(off))
  })
})
