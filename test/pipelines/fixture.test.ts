/** The whole pipeline through the command line: what runs after which change, and that equal inputs give equal bytes. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { Metrics } from "../../src/model/training/history.ts"
import { Model } from "../../stages/artifacts/model.ts"
import { copyProject, type Project, type RunFinished, stagesOf } from "./project.ts"

let project: Project
let first: RunFinished

beforeAll(async () => {
  project = copyProject()
  first = await project.run()
})
afterAll(() => project.remove())

const every = [
  "draw-lesions",
  "ingest",
  "split",
  "draw-synthetic",
  "audit",
  "balance",
  "augment",
  "resize",
  "fine-tune",
  "evaluate",
  "show-mistakes",
  "show-views",
  "sample-images",
  "judge-generator",
  "compare-with-gan"
]

describe("the fixture pipeline", () => {
  it("runs every stage from an empty store and ends with a verdict and a report", () => {
    assert.sameMembers([...stagesOf(first.executed)], every)
    assert.deepStrictEqual([first.hits, first.failed], [[], []])
    assert.match(first.verdict ?? "", /GAN images/u)
    const html = readFileSync(first.report ?? "", "utf8")
    assert.include(html, "</html>")
    assert.notMatch(html, /(?:src|href)="https?:/u)
  })

  it("tells the figures of every epoch as it ends: those of the history", () => {
    for (const node of first.executed.filter((name) => name.startsWith("fine-tune:"))) {
      const digest = first.outputs[node]!
      const { history } = Model.decode(readFileSync(join(project.store, "blobs", digest.slice(0, 2), digest)))
      const told = first.events.flatMap((event) =>
        event._tag === "NodeProgress" && event.node === node && event.progress?.results ? [event.progress] : []
      )
      const figures = ({ loss, accuracy, auc }: Metrics) => ({ loss, accuracy, AUC: auc! })
      assert.deepStrictEqual(
        told.map(({ results }) => results),
        history.map(({ train, validation }) => ({ train: figures(train), validation: figures(validation) }))
      )
      assert.deepStrictEqual(
        told.map(({ completed, total, metrics }) => [completed / total, metrics?.epoch]),
        history.map(({ epoch }) => [epoch / history.length, epoch])
      )
    }
  })

  it("executes nothing the second time, and gives the same", async () => {
    const second = await project.run()
    assert.deepStrictEqual(second.executed, [])
    assert.deepStrictEqual([second.hits, second.outputs], [first.executed, first.outputs])
    assert.deepStrictEqual([second.verdict, second.report], [first.verdict, first.report])
    assert.isFalse(second.events.some((event) => event._tag === "NodeStarted"))
  })

  it("gives the same bytes for every artifact from another empty store", async () => {
    const other = await project.run("--store", `${project.root}/other`)
    assert.deepStrictEqual(other.outputs, first.outputs)
  })

  it("plans without running", async () => {
    const states = await project.plan("--set", "model.frozenLayers=2")
    const { executed } = await project.run()
    assert.deepStrictEqual(executed, [])
    for (const [node, state] of Object.entries(states)) {
      const stage = node.split(":")[0]!
      const expected =
        stage === "fine-tune"
          ? "run"
          : ["evaluate", "show-mistakes", "judge-generator", "compare-with-gan"].includes(stage)
            ? "unknown"
            : "hit"
      assert.strictEqual(state, expected, node)
    }
  })
})

/** A change, and the stages that it reruns. */
const reruns: ReadonlyArray<readonly [string, ReadonlyArray<string>, () => ReadonlyArray<string>]> = [
  [
    "another model.frozenLayers",
    ["fine-tune", "evaluate", "show-mistakes", "judge-generator", "compare-with-gan"],
    () => ["--set", "model.frozenLayers=2"]
  ],
  [
    "a changed augmentation parameter",
    [
      "augment",
      "resize",
      "fine-tune",
      "evaluate",
      "show-mistakes",
      "show-views",
      "judge-generator",
      "compare-with-gan"
    ],
    () => ["--set", "augment.seed=7"]
  ],
  [
    "a changed comment in a stage file",
    [],
    () => {
      project.edit("stages/fine-tune.ts", (text) => `// A remark.\n${text.replace("/** Packs", "/** Some packs")}`)
      return []
    }
  ],
  [
    "a changed helper in src/image",
    ["ingest", "resize", "show-views"],
    () => {
      project.edit("src/image/decode.ts", (text) => text.replace("sharp.concurrency(1)", "sharp.concurrency(2)"))
      return []
    }
  ]
]

describe("reruns exactly what a change can affect:", () => {
  for (const [change, expected, args] of reruns) {
    it(change, async () => {
      const { executed, outputs } = await project.run(...args())
      const stages = stagesOf(executed)
      for (const stage of stages) assert.include(expected, stage)
      if (change.includes("src/image")) {
        // The helper gives the same pixels: what uses it runs, and early cutoff stops there.
        assert.sameMembers([...stages], ["ingest", "resize", "show-views"])
        assert.deepStrictEqual(outputs, first.outputs)
      } else assert.sameMembers([...stages], [...expected])
    })
  }
})

it("keeps its report where it says", () => assert.isTrue(existsSync(first.report ?? "")))
