/** A frozen trunk runs once: which stages a change reruns under the policies `adapt` and `inference`, and what comes out. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { copyProject, type Project, type RunFinished, stagesOf } from "../pipelines/project.ts"

let project: Project
beforeAll(() => {
  project = copyProject()
})
afterAll(() => project.remove())

const quick = ["training.epochs=1", "compare.replicates=100", "embedded.patients=24", "embedded.synthetic=6"]
const args = (settings: ReadonlyArray<string>) => [...quick, ...settings].flatMap((setting) => ["--set", setting])
const run = (...settings: ReadonlyArray<string>) => project.run(...args(settings))

const trained = ({ outputs }: RunFinished) =>
  Object.fromEntries(Object.entries(outputs).filter(([node]) => /^(fine-tune|evaluate)/u.test(node)))

const adapt = "model.batchNorm=adapt"
const tail = ["fine-tune", "evaluate", "compare-with-gan"]
/** What other weights rerun. */
const behind = [...tail, "show-mistakes", "judge-generator"]

/** The last word of a features node: images in all, taken as they were, gone on from fewer layers. */
const figures = ({ events }: RunFinished, node: string) => {
  const { progress } = events.findLast((event) => event._tag === "NodeProgress" && event.node === node) as unknown as {
    progress: { total: number; metrics: { reused: number; "gone on from": number } }
  }
  return { images: progress.total, reused: progress.metrics.reused, begun: progress.metrics["gone on from"] }
}

describe("under adapt", () => {
  let first: RunFinished

  it("calibrates once on the real images, and computes each image's features once for all arms", async () => {
    first = await run(adapt)
    const nodes = first.executed.filter((node) => /^(calibrate|features)/u.test(node))
    assert.sameMembers(nodes, ["calibrate:1", "features:real:1", "features:real+synthetic:1", "features:evaluation:1"])
    const [real, joined] = [figures(first, "features:real:1"), figures(first, "features:real+synthetic:1")]
    // The two may run in either order or at once; what the later one finds there it takes.
    assert.isAbove(joined.images, real.images)
    assert.isAtMost(real.reused + joined.reused, real.images)
  })

  it("gives the models and predictions that training on the images gives, to the bit", async () => {
    const plain = await run(adapt, "model.features=none")
    assert.sameMembers([...stagesOf(plain.executed)], tail)
    assert.deepStrictEqual(trained(plain), trained(first))
  })

  it("never runs the trunk for what comes behind it", async () => {
    const changes = [
      "training.learningRate=0.01",
      "model.dropout=0.1",
      "model.head=plain",
      "training.labelSmoothing=0.1",
      "training.optimiser=adamw",
      "training.epochs=2"
    ]
    for (const change of changes) {
      const states = Object.entries(await project.plan(...args([adapt, change])))
      const mustRun = states.filter(([, state]) => state !== "hit").map(([node]) => node)
      assert.sameMembers([...stagesOf(mustRun)], behind, change)
    }
    const { executed } = await run(adapt, ...changes)
    assert.sameMembers([...stagesOf(executed)], behind)
  })

  it("goes on from what it has when more is frozen, and does not calibrate again", async () => {
    const deeper = await run(adapt, "model.frozenLayers=3")
    assert.sameMembers([...stagesOf(deeper.executed)], ["features", ...behind])
    const { images, reused, begun } = figures(deeper, "features:evaluation:1")
    assert.deepStrictEqual([reused, begun], [0, images])
  })
})

it("under inference there is nothing to calibrate", async () => {
  const { executed } = await run("model.batchNorm=inference", "model.features=float16")
  assert.sameMembers([...stagesOf(executed)], ["features", ...behind])
})
