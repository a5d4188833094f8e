/** The arms of a comparison, through the command line: what is trained, what is shared, what lies beside the report. */
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { tableFromIPC } from "@uwdata/flechette"
import { setting as set } from "../pipelines/noise-set.ts"
import { copyProject, type Project, type RunFinished } from "../pipelines/project.ts"

let project: Project
let first: RunFinished

const arms = { "compare.ratios": ["all", 0.2], "compare.control": true, "compare.syntheticOnly": true }
const values = { ...arms, "compare.augmentationOff": true, "training.epochs": 1 }

beforeAll(async () => {
  project = copyProject()
  first = await project.run(...set(values))
  assert.isNotNull(first.report)
}, 900_000)
afterAll(() => project.remove())

const trained = (nodes: ReadonlyArray<string>) => nodes.filter((node) => node.startsWith("fine-tune:"))

/** A file of the first run's report folder. */
const beside = (name: string): Buffer => readFileSync(join(dirname(first.report ?? ""), name))
const report = () => JSON.parse(beside("report.json").toString())

describe("the arms", () => {
  it("are all trained, and share split and evaluation images", () => {
    assert.sameMembers(trained(first.executed), [
      "fine-tune:real:1",
      "fine-tune:real-oversampled:1",
      "fine-tune:real-oversampled-20%:1",
      "fine-tune:real+synthetic:1",
      "fine-tune:real+synthetic-20%:1",
      "fine-tune:synthetic-only:1",
      "fine-tune:real-unaugmented:1"
    ])
    assert.lengthOf(
      first.executed.filter((node) => node === "split" || node === "resize:evaluation"),
      2
    )
  })

  it("are compared with the reference, each on its own images", () => {
    const { comparison, mistakes } = report()
    const compared: ReadonlyArray<{ arm: string; training: { real: number; synthetic: number } }> = comparison.arms
    const of = (name: string) => compared.find(({ arm }) => arm === name)!.training
    assert.strictEqual(of("real-oversampled").synthetic, 0)
    assert.isAbove(of("real+synthetic").synthetic, of("real+synthetic-20%").synthetic)
    assert.isBelow(of("synthetic-only").real, of("real").real)
    assert.strictEqual(of("synthetic-only").synthetic, of("real+synthetic").synthetic)
    assert.isNotEmpty(mistakes)
    assert.includeMembers(
      comparison.pairs[0].subgroups.map(({ attribute }: { attribute: string }) => attribute),
      ["sex", "site", "age"]
    )
  })

  it("train only what is new where a seed or an arm is added", async () => {
    const states = await project.plan(...set({ ...values, "training.seeds": 3 }))
    for (const [node, state] of Object.entries(states)) {
      if (!node.startsWith("fine-tune:")) continue
      assert.strictEqual(state, node.endsWith(":1") ? "hit" : "run", node)
    }
    const ratios = { ...values, "compare.ratios": [0.1, "all"] }
    const more = Object.entries(await project.plan(...set(ratios))).filter(([node]) => node.startsWith("fine-tune:"))
    for (const [node, state] of more) assert.strictEqual(state, node.includes("10%") ? "unknown" : "hit", node)
  })

  it("are extended by one command: a second seed trains the second, and nothing twice", async () => {
    const few = { "training.epochs": 1, "training.seeds": 2 }
    const { executed, hits } = await project.run(...set(few))
    assert.sameMembers(trained(executed), ["fine-tune:real:2", "fine-tune:real+synthetic:2"])
    assert.includeMembers([...hits], ["fine-tune:real:1", "fine-tune:real+synthetic:1", "resize:real", "ingest:real"])
    assert.isFalse(executed.some((node) => /^(ingest|split|balance|augment|resize)/u.test(node)))
  })

  it("are refused where the list of ratios makes no sense", async () => {
    for (const ratios of [[], [0], ["all", "all"]]) {
      const { code, stderr } = await project.cli("plan", "--pipeline", "fixture", ...set({ "compare.ratios": ratios }))
      assert.strictEqual(code, 2, stderr)
      assert.include(stderr, "compare.ratios")
    }
  })
})

describe("the report", () => {
  it("says in its headline, in report.json and on the command line the same", () => {
    const { sentence } = report().verdict
    assert.strictEqual(first.verdict, sentence)
    assert.include(beside("model-card.md").toString().replaceAll("\\", ""), sentence)
  })

  it("has the generator's figures with the sizes of both sets, and the networks on synthetic images", () => {
    const { generator, tested, triples } = report()
    const [melanoma] = generator
    assert.strictEqual(melanoma.className, "melanoma")
    assert.match(melanoma.featureSpace, /EfficientNet-micro, "real", seed 1 .* images of 32 × 32/u)
    assert.deepStrictEqual(melanoma.fid, { ...melanoma.fid, real: melanoma.real, synthetic: melanoma.synthetic })
    assert.strictEqual(melanoma.synthetic, 12)
    assert.isNotNull(melanoma.memorisation)
    assert.isNotNull(melanoma.realVersusFake.spectrum)
    assert.strictEqual(melanoma.manifold.k, 5)
    assert.strictEqual(tested[0].synthetic.trials, 12)
    assert.lengthOf(triples, 8)
    assert.strictEqual(new Set(triples.map(({ synthetic }: { synthetic: string }) => synthetic)).size, 8)
  })

  it("shows mistakes with maps, views of an image, and training without augmentation", () => {
    const { mistakes, views, withoutAugmentation } = report()
    for (const { map } of mistakes) assert.deepStrictEqual(map, { block: 5, side: 2 })
    assert.strictEqual(views.views, 2)
    assert.deepStrictEqual([withoutAugmentation[0].arm, withoutAugmentation[0].epochs.length], ["real", 1])
    const html = beside("report.html").toString()
    for (const id of ["mistakes", "augmentation", "generator"]) assert.include(html, `<section id="${id}"`)
  })

  it("has the predictions of all runs beside it, as CSV and as Arrow, and its charts", () => {
    const { comparison } = report()
    const rows = comparison.arms.length * comparison.audit.images
    const csv = beside("predictions.csv").toString().trim().split("\n")
    assert.lengthOf(csv, rows + 1)
    assert.match(csv[0]!, /^arm,seed,id,group,origin,label,logit,probability,calibrated,called/u)
    const arrow = tableFromIPC(new Uint8Array(beside("predictions.arrow")))
    assert.strictEqual(arrow.numRows, rows)
    assert.include(arrow.names, "logit")
    assert.match(beside("charts/roc.svg").toString(), /^<svg /u)
  })
})
