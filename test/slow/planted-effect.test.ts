/** A planted effect is found and a planted null is not, through the whole pipeline and the command line. */
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { setting } from "../pipelines/noise-set.ts"
import { copyProject, type Project } from "../pipelines/project.ts"
import { type Plant, plant } from "./planted.ts"

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

const settings = {
  "model.variant": "micro",
  "model.frozenLayers": 0,
  "resize.side": 32,
  "augment.preset": "none",
  "augment.views": 1,
  "training.epochs": 16,
  "training.patience": 16,
  "training.learningRate": 3e-3,
  "training.batchSize": 10,
  "training.seeds": 3,
  "compare.replicates": 1000
}

const verdictOf = async (kind: Plant): Promise<string> => {
  const { real, synthetic } = await plant(join(project.root, kind), kind)
  const { verdict } = await project.run(...setting({ "data.real": real, "data.synthetic": synthetic, ...settings }))
  console.log(`${kind}: ${verdict}`)
  return verdict ?? ""
}

describe("of synthetic images that are", () => {
  it("draws of the process without the fault of the real ones, it says that they helped", async () => {
    assert.match(await verdictOf("draws"), /^The GAN images helped/u)
  })

  it("the training images again, it does not say that they helped or hurt", async () => {
    assert.match(await verdictOf("copies"), /^(It cannot be told|The GAN images made no difference that matters)/u)
  })

  it("draws under the other class's name, it says that they hurt", async () => {
    assert.match(await verdictOf("swapped"), /^The GAN images hurt/u)
  })
})
